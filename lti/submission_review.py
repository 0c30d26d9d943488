"""LtiSubmissionReviewRequest: a gradebook asks to see what stands behind one learner's score.

(Submission Review Message 1.0.) The line item, else the link, says which activity; ``for_user``
says whose. A teacher gets that work with all its reviews, a learner their own received ones.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from lti.claims import Launch
from lti.models import ContextLink, LineItem, ResourceLink
from lti.roles import Standing
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.reviews import public as reviews


def path(
    uow: UnitOfWork,
    launch: Launch,
    link: ContextLink | None,
    context: people.Context | None,
    viewer_id: UUID,
    found: Standing,
) -> str | None:
    """Where the reviews are; None when neither line item nor link leads to a review activity."""
    if context is None or link is None or launch.for_user is None:
        return None
    resource = _resource(uow, launch, link)
    activity = next(
        (one for one in reviews.activities(uow, context.id) if one.resource == resource), None
    )
    if activity is None:
        return None
    start = f"/c/{context.handle}/reviews/{activity.handle}"
    account = people.find_identity(uow, launch.issuer, launch.for_user)
    learner_id = account.person_id if account else None
    if found.teaches:
        work = reviews.work_of(uow, activity.id, learner_id) if learner_id else None
        return f"{start}/all/{work}" if work else f"{start}/all"
    return f"{start}/received" if learner_id == viewer_id else start


def _resource(uow: UnitOfWork, launch: Launch, link: ContextLink) -> str | None:
    """The activity that the line item or the link belongs to."""
    columns: list[sa.Select[Any]] = []
    if launch.ags is not None and launch.ags.lineitem:
        url = launch.ags.lineitem
        columns.append(
            sa.select(LineItem.resource).where(
                LineItem.context_link_id == link.id, LineItem.url == url
            )
        )
        columns.append(
            sa.select(ResourceLink.resource).where(
                ResourceLink.context_link_id == link.id, ResourceLink.lineitem_url == url
            )
        )
    if launch.resource_link is not None:
        columns.append(
            sa.select(ResourceLink.resource).where(
                ResourceLink.context_link_id == link.id,
                ResourceLink.external_id == launch.resource_link.id,
            )
        )
    for query in columns:
        resource: str | None = uow.session.scalars(query).first()
        if resource:
            return resource
    return None
