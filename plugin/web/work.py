"""Units of work for views: of the signed-in person's community, or of one that is named.

``with writing() as uow:`` is the only way a view should open one; it never crosses communities.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from uuid import UUID

from flask import current_app, g

from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork


def services() -> Services:
    """Return the services of this process."""
    return cast("Services", current_app.extensions["lantern.services"])


@contextmanager
def reading(community_id: UUID | None = None) -> Iterator[UnitOfWork]:
    """Open a reading unit of the signed-in person's community, or of the one named."""
    with services().units.reading(community_id or _community()) as uow:
        yield uow


@contextmanager
def writing(community_id: UUID | None = None) -> Iterator[UnitOfWork]:
    """Open a writing unit of the signed-in person's community, or of the one named."""
    with services().units.community(community_id or _community()) as uow:
        yield uow


def _community() -> UUID:
    session = g.get("lantern_session")
    if session is None:
        raise RuntimeError("nobody is signed in: name the community of this unit of work")
    return cast("UUID", session.community_id)
