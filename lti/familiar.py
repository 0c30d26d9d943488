"""A launch that brings nothing new: known person, known course and activity, the same words.

That is nearly every launch, and a class comes all at once. Two statements tell it apart from one
that changes anything; for all others `provisioning` goes the long way.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lti.claims import RESOURCE_LINK, AgsClaim, ContextClaim, Launch
from lti.copies import history
from lti.links import ITEM_PARAMETER, RESOURCE_PARAMETER, TOKEN_PARAMETER
from lti.models import ContextLink, Deployment, DeploymentStatus, ResourceLink
from lti.offers import PROGRAMME, review_path
from lti.registrations import DeploymentView
from plugin.kernel.prepared import of_community, table_of
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

_LINK, _ACTIVITY = table_of(ContextLink), table_of(ResourceLink)
_DEPLOYMENT = table_of(Deployment)
_LINKS = (
    sa.select(
        _LINK.c.context_id,
        _LINK.c.memberships_url,
        _LINK.c.lineitems_url,
        _LINK.c.scopes,
        _LINK.c.origins,
        _ACTIVITY.c.title,
        _ACTIVITY.c.resource,
        _ACTIVITY.c.named,
        _ACTIVITY.c.token,
        _ACTIVITY.c.lineitem_url,
        _DEPLOYMENT.c.status,
    )
    .select_from(_LINK)
    .join(_ACTIVITY, _ACTIVITY.c.context_link_id == _LINK.c.id)
    .join(_DEPLOYMENT, _DEPLOYMENT.c.id == _LINK.c.deployment_id)
    .where(
        _LINK.c.community_id == of_community(),
        _LINK.c.deployment_id == sa.bindparam("deployment"),
        _LINK.c.external_id == sa.bindparam("course"),
        _ACTIVITY.c.external_id == sa.bindparam("activity"),
    )
)


@dataclass(frozen=True)
class Back:
    """Somebody who is back in a course; ``place`` is the page of a link that our picker made."""

    person: people.PersonView
    context: people.Context
    place: str | None


def familiar(uow: UnitOfWork, launch: Launch, deployment: DeploymentView) -> Back | None:
    """Who comes and where to, when nothing but the time of it has to be written; else None."""
    course, activity = launch.context, launch.resource_link
    if launch.message_type != RESOURCE_LINK or course is None or activity is None:
        return None
    if launch.custom.get(ITEM_PARAMETER, "").startswith(PROGRAMME):
        return None
    found = people.familiar(uow, launch.issuer, launch.subject, course.id)
    if found is None or not _same_words(launch, course, found):
        return None
    values = {"deployment": deployment.id, "course": course.id, "activity": activity.id}
    row = uow.run(_LINKS, values).first()
    if row is None or row.context_id != found.context.id or not _same_links(launch, row):
        return None
    place = review_path(found.context, row.resource) if row.named else None
    return Back(found.person, found.context, place)


def _same_words(launch: Launch, course: ContextClaim, found: people.Familiar) -> bool:
    """Names, address, zone and title as they are kept."""
    told, person = launch.person, found.person
    title = (course.title or course.label or "")[:300]
    return (
        told.name == found.said
        and (person.email_confirmed or told.email == person.email)
        and told.time_zone in (None, person.time_zone)
        and title in ("", found.context.title)
    )


def _same_links(launch: Launch, row: sa.Row[Any]) -> bool:
    """Services, activity and what it is bound to as they are kept, in an open deployment."""
    named = launch.custom.get(RESOURCE_PARAMETER)
    return (
        row.status is DeploymentStatus.ACTIVE
        and launch.memberships_url in (None, row.memberships_url)
        and launch.resource_link is not None
        and launch.resource_link.title == row.title
        and (named, launch.custom.get(TOKEN_PARAMETER, named)) == (row.named, row.token)
        and set(history(launch)) <= {*row.origins, launch.context.id if launch.context else ""}
        and _same_grades(launch.ags, row)
    )


def _same_grades(ags: AgsClaim | None, row: sa.Row[Any]) -> bool:
    return ags is None or (
        ags.lineitems in (None, row.lineitems_url)
        and list(ags.scopes) == row.scopes
        and ags.lineitem in (None, row.lineitem_url)
    )
