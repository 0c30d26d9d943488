"""What happens elsewhere and changes who may open what."""

from plugin.events.people import MemberLeft
from plugin.kernel.dispatch import on
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.web import session_store


def close_context(uow: UnitOfWork, event: MemberLeft) -> None:
    """A launch grant does not outlive being on the roster. Unique: (person, context)."""
    session_store.withdraw_grants(uow, event.person_id, event.context_id)


SUBSCRIPTIONS = (on(MemberLeft, "web.close_context", close_context),)
