"""Who acts in this request: rights of the community's lists, roles of the session's grants."""

from dataclasses import dataclass

from flask import g

from plugin.kernel.errors import NotFound
from plugin.people import public as people
from plugin.people.public import Actor
from plugin.web.session import present
from plugin.web.work import reading

__all__ = ["Actor", "Visitor", "current_actor", "visitor"]


@dataclass(frozen=True)
class Visitor:
    """The signed-in person as pages show them; loaded once a request."""

    actor: Actor
    person: people.PersonView
    community: people.Community


def visitor() -> Visitor | None:
    """Return who is signed in, or None."""
    if "lantern_visitor" not in g:
        g.lantern_visitor = _load()
    found: Visitor | None = g.lantern_visitor
    return found


def current_actor() -> Actor:
    """Return the signed-in person; behind ``door.public`` ask :func:`visitor` first."""
    found = visitor()
    if found is None:
        raise RuntimeError("nobody is signed in: this view needs a door")
    return found.actor


def _load() -> Visitor | None:
    session = present()
    if session is None:
        return None
    with reading(session.community_id) as uow:
        try:
            person = people.person(uow, session.person_id)
        except NotFound:
            g.lantern_session = None  # erased meanwhile: nobody is signed in
            return None
        return Visitor(
            actor=Actor(
                person_id=person.id,
                community_id=session.community_id,
                rights=people.rights_of(uow, person.id),
                roles=session.grants,
                locale=person.locale,
                time_zone=person.time_zone,
            ),
            person=person,
            community=people.community(uow),
        )
