"""What the home page shows: the lines of every card, the contexts one is in."""

from collections.abc import Callable, Iterable

from plugin.home.next_actions import Home, NextAction, arrange
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

Card = Callable[[UnitOfWork, people.Actor], list[NextAction]]


def home(uow: UnitOfWork, actor: people.Actor, cards: Iterable[Card], *, within: str = "") -> Home:
    """Ask every card; a card asks its own few queries, whatever the number of rows."""
    return arrange((line for card in cards for line in card(uow, actor)), within=within)


def own_contexts(uow: UnitOfWork, actor: people.Actor) -> list[people.Context]:
    """Return the courses and forums that this person may open in this session."""
    open_here = {context_id for context_id, _role in actor.roles}
    open_here |= {context_id for _right, context_id in actor.rights if context_id is not None}
    if any(context_id is None for _right, context_id in actor.rights):
        return people.contexts(uow)
    return people.contexts(uow, open_here) if open_here else []
