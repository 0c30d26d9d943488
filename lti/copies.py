"""Links that came along with a copy: a duplicated activity, a course made from last year's.

Platforms copy custom parameters, so a copy names the activity of ours that its original opens. It
must not lead there: the people and the work belong to the original. At its first launch it gets an
activity of its own with the same settings, and keeps that.

Which courses a course came from is told by ``$Context.id.history`` and by the platform's notice of
a copied course. Where that is told and does not name the original's course, a link that a learner
opens makes nothing: a teacher of this course has to open it once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

import sqlalchemy as sa

from lti.claim_schemas import HISTORY_PARAMETER
from lti.claims import DEEP_LINKING, Launch
from lti.links import ITEM_PARAMETER, RESOURCE_PARAMETER, TOKEN_PARAMETER
from lti.models import ContextLink, ResourceLink
from lti.offers import PROGRAMME, review_path
from plugin.kernel.errors import NotFound
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import public as mentoring
from plugin.people import public as people
from plugin.reviews import public as reviews

MOST_ORIGINS = 1000
_LONGEST = 200  # of what our own parameters hold; longer ones were written by hand


@dataclass(frozen=True)
class Opening:
    """One launch of a link: where, by whom, and whether they teach there."""

    context: people.Context
    link: ContextLink
    person_id: UUID
    teaches: bool


def note_origins(link: ContextLink, told: Iterable[str]) -> None:
    """Remember the courses that a course came from, nearest first, each once."""
    known = list(dict.fromkeys([*link.origins, *(one for one in told if one)]))
    kept = [one for one in known if one != link.external_id][:MOST_ORIGINS]
    if kept != link.origins:
        link.origins = kept


def history(launch: Launch) -> list[str]:
    """The course ids of ``$Context.id.history``; Canvas cuts the list after a thousand."""
    told = launch.custom.get(HISTORY_PARAMETER, "").split(",")
    return [one for part in told if (one := part.strip()) and one != "truncated"]


def place_of(uow: UnitOfWork, launch: Launch, row: ResourceLink, opening: Opening) -> str | None:
    """The page that a link made by our picker opens; None leaves that to its address.

    ``row`` remembers what it was bound to (unique: course, resource link), so a second launch, also
    one at the same moment, finds the activity of the first.
    """
    if launch.message_type == DEEP_LINKING:
        return None
    item = launch.custom.get(ITEM_PARAMETER, "")
    if launch.custom.get(RESOURCE_PARAMETER):
        return _review(uow, launch, row, opening)
    if item.startswith(PROGRAMME):
        return _programme(uow, item.removeprefix(PROGRAMME), opening)
    return None


def leads_to_another_course(uow: UnitOfWork, path: str, here: people.Context | None) -> bool:
    """Whether the address of a link stands in the course that it was copied from."""
    parts = path.split("/")
    if len(parts) < 3 or parts[1] != "c" or (here is not None and parts[2] == here.handle):
        return False
    try:
        return people.context_by_handle(uow, parts[2]).kind in ("course", "section")
    except NotFound:
        return False  # that page says what is missing


def _review(uow: UnitOfWork, launch: Launch, row: ResourceLink, opening: Opening) -> str | None:
    named = launch.custom[RESOURCE_PARAMETER][:_LONGEST]
    token = (launch.custom.get(TOKEN_PARAMETER) or named)[:_LONGEST]
    if row.resource is None or row.named != named:
        try:
            activity = reviews.activity(uow, named)
        except NotFound:
            row.resource = named
            return None
        bound = _bind(uow, activity, _is_second(uow, row, token), opening)
        if bound is None:
            return f"/c/{opening.context.handle}/reviews/"
        row.resource, row.named = bound, named
    row.token = token
    return review_path(opening.context, row.resource)


def _bind(
    uow: UnitOfWork, activity: reviews.ActivityView, is_second: bool, opening: Opening
) -> str | None:
    """The activity that this link is to open: the named one, or a copy of its settings."""
    if activity.context_id == opening.context.id:
        if not is_second:
            return activity.handle
    elif not (opening.teaches or _may_come_from(uow, activity.context_id, opening.link)):
        return None
    return reviews.copy_activity(
        uow, activity.handle, context_id=opening.context.id, created_by=opening.person_id
    )


def _is_second(uow: UnitOfWork, row: ResourceLink, token: str) -> bool:
    """Whether another link of this community was launched with the same token."""
    other = sa.select(ResourceLink.id).where(ResourceLink.token == token, ResourceLink.id != row.id)
    return uow.session.scalars(other.limit(1)).first() is not None


def _may_come_from(uow: UnitOfWork, original: UUID, link: ContextLink) -> bool:
    """Whether this course was made from the original's, as far as the platform tells."""
    if not link.origins:
        return True
    ids = uow.session.scalars(
        sa.select(ContextLink.external_id).where(ContextLink.context_id == original)
    )
    return not set(link.origins).isdisjoint(ids)


def _programme(uow: UnitOfWork, handle: str, opening: Opening) -> str:
    """The programme in its own course. In a copied one the course's own; while it has none, a
    teacher finds the form of a new one filled in as the original was."""
    base = f"/c/{opening.context.handle}/mentoring/"
    here = [one.handle for one in mentoring.programmes(uow, [opening.context.id])]
    if handle in here:
        return f"{base}{handle}"
    return f"{base}new?like={quote(handle)}" if opening.teaches and not here else base
