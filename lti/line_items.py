"""Which column of which gradebook a score belongs in; made, renamed and removed where it is ours.

The `lineitem` of a launch is the surest: tags and resource ids are copied with an activity. Without
one the platform's list is read before a column is made, so a crash in between makes no second one.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from lti.advantage import ags
from lti.advantage.client import ServiceClient, pause
from lti.events import ColumnUnwanted
from lti.models import ContextLink, LineItem, ResourceLink, Score
from lti.platforms import platform
from lti.registrations import DeploymentView, deployment_by_id
from plugin.events.wants import ScoreWanted
from plugin.kernel import limits
from plugin.kernel.dispatch import DeliveryFacts, Later
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

_TURN = timedelta(minutes=1)
_GIVE_UP = timedelta(days=1)
_WANTED_SCOPES = (
    ags.LINE_ITEM_SCOPE,
    ags.LINE_ITEM_READ_SCOPE,
    ags.SCORE_SCOPE,
    ags.RESULT_SCOPE,
)


log = get_logger(__name__)


class NoColumn(Exception):
    """There is no column for this score and none can be made; the reason is for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class LineItemFacts:
    """What we know of a column that Lantern made, and whether a score was ever sent to it."""

    label: str
    maximum: float
    used: bool


@dataclass(frozen=True)
class Place:
    """A person in a course of a platform, as far as our own tables know."""

    link_id: UUID
    deployment: DeploymentView
    subject: str
    scopes: tuple[str, ...]
    lineitems_url: str | None
    column: str | None
    known: LineItemFacts | None
    resource_links: tuple[str, ...]


def place_of(uow: UnitOfWork, person_id: UUID, context_id: UUID, resource: str) -> Place | NoColumn:
    """Where this person's score for this activity goes, or why it cannot go anywhere."""
    links = uow.session.scalars(
        sa.select(ContextLink).where(ContextLink.context_id == context_id).order_by(ContextLink.id)
    ).all()
    if not links:
        return NoColumn(_("This course is not connected to a gradebook."))
    subjects = {
        identity.issuer: identity.subject
        for identity in people.identities_of(uow, person_id)
        if identity.kind == "lti"
    }
    places = [
        _place(uow, link, deployment, subjects[deployment.registration.issuer], resource)
        for link in links
        if (deployment := deployment_by_id(uow, link.deployment_id)).registration.issuer in subjects
    ]
    if not places:
        return NoColumn(_("This person is not known to the course's gradebook."))
    usable = [place for place in places if ags.SCORE_SCOPE in place.scopes]
    if not usable:
        return NoColumn(_("The course does not let Lantern write scores."))
    return next((place for place in usable if place.column), usable[0])


def find_or_create(
    services: Services,
    community_id: UUID,
    client: ServiceClient,
    place: Place,
    event: ScoreWanted,
) -> str:
    """The address of the column, known, found in the platform's list or made now."""
    if place.column is not None:
        _follow(services, community_id, client, place, event)
        return place.column
    if place.lineitems_url is None or ags.LINE_ITEM_SCOPE not in place.scopes:
        raise NoColumn(_("The course gives Lantern no column in its gradebook."))
    # One worker at a time may look and make: two at once would make two columns. The turn ends by
    # itself, so that a killed worker keeps nobody waiting for long.
    turn = f"lti.column:{place.link_id}:{hash_secret(event.resource)[:32]}"
    if not limits.take(services.units, turn, limit=1, per=_TURN):
        raise Later(timedelta(seconds=3), "another score is making the column")
    paged = platform(place.deployment.registration.family).pages_line_items
    listed = ags.line_items(client, place.lineitems_url, resource=event.resource, paged=paged)
    same = [item for item in listed if item.resource == event.resource]
    linked = [item for item in same if item.resource_link in place.resource_links]
    found = next(iter(linked or same), None)
    made = found is None
    if found is None:
        found = ags.create_line_item(
            client,
            place.lineitems_url,
            label=event.label,
            score_maximum=event.maximum,
            resource=event.resource,
            resource_link=place.resource_links[0] if place.resource_links else None,
        )
    with services.units.community(community_id) as uow:
        row = _row(uow, place.link_id, event.resource)
        if row is None:
            row = LineItem(context_link_id=place.link_id, resource=event.resource, made_here=made)
            uow.session.add(row)
        row.url, row.score_maximum = found.url, found.score_maximum or event.maximum
        row.label, row.made_here = found.label[:300], row.made_here or made
        uow.commit()
    return found.url


def _follow(
    services: Services,
    community_id: UUID,
    client: ServiceClient,
    place: Place,
    event: ScoreWanted,
) -> None:
    """Let a column that Lantern made be called as its activity is now.

    Its maximum follows only until the first score: a change afterwards rewrites grades. A platform
    that will not rename keeps the old name; the score goes on.
    """
    known, label = place.known, event.label[:300]
    if place.column is None or known is None or ags.LINE_ITEM_SCOPE not in place.scopes:
        return
    maximum = None if known.used or known.maximum == event.maximum else event.maximum
    if known.label == label and maximum is None:
        return
    try:
        ags.update_line_item(client, place.column, label=label, score_maximum=maximum)
    except RemoteCallFailed as failure:
        if failure.retryable:
            raise
        log.info("lti.column_not_renamed", reason=str(failure))
    with services.units.community(community_id) as uow:
        row = _row(uow, place.link_id, event.resource)
        if row is not None:
            row.label, row.score_maximum = label, maximum or row.score_maximum
        uow.commit()


def remove(services: Services, delivery: DeliveryFacts, event: ColumnUnwanted) -> None:
    """Take a column that Lantern made out of the gradebook (unique: line item); again is fine."""
    with services.units.reading(delivery.community_id) as uow:
        row = uow.session.get(LineItem, event.line_item_id)
        link = uow.session.get(ContextLink, row.context_link_id) if row else None
        if row is None or link is None or not row.made_here:
            return
        registration = deployment_by_id(uow, link.deployment_id).registration
        url, resource, link_id = row.url, row.resource, link.id
    try:
        ags.delete_line_item(ServiceClient(services, registration, (ags.LINE_ITEM_SCOPE,)), url)
    except RemoteCallFailed as failure:
        if failure.retryable and services.clock.now() - delivery.created_at < _GIVE_UP:
            raise Later(pause(3, failure), str(failure)) from failure
        log.warning("lti.column_not_removed", reason=str(failure))
        return
    with services.units.community(delivery.community_id) as uow:
        _forget(uow, link_id, resource, url)
        uow.commit()


def forget(
    services: Services, community_id: UUID, place: Place, resource: str, column: str
) -> None:
    """A column that the platform no longer has."""
    with services.units.community(community_id) as uow:
        _forget(uow, place.link_id, resource, column)
        uow.commit()


def _forget(uow: UnitOfWork, link_id: UUID, resource: str, column: str) -> None:
    uow.session.execute(
        sa.delete(LineItem).where(
            LineItem.context_link_id == link_id, LineItem.resource == resource
        )
    )
    uow.session.execute(
        sa.update(ResourceLink)
        .where(ResourceLink.context_link_id == link_id, ResourceLink.lineitem_url == column)
        .values(lineitem_url=None)
    )


def _place(
    uow: UnitOfWork, link: ContextLink, deployment: DeploymentView, subject: str, resource: str
) -> Place:
    resources = uow.session.scalars(
        sa.select(ResourceLink)
        .where(ResourceLink.context_link_id == link.id, ResourceLink.resource == resource)
        .order_by(ResourceLink.id)
    ).all()
    kept = _row(uow, link.id, resource)
    told = next((row.lineitem_url for row in resources if row.lineitem_url), None)
    return Place(
        link_id=link.id,
        deployment=deployment,
        subject=subject,
        scopes=tuple(scope for scope in _WANTED_SCOPES if scope in link.scopes),
        lineitems_url=link.lineitems_url,
        column=told or (kept.url if kept else None),
        known=_facts(uow, kept, link.context_id) if kept and told in (None, kept.url) else None,
        resource_links=tuple(row.external_id for row in resources),
    )


def _row(uow: UnitOfWork, link_id: UUID, resource: str) -> LineItem | None:
    return uow.session.scalars(
        sa.select(LineItem).where(
            LineItem.context_link_id == link_id, LineItem.resource == resource
        )
    ).first()


def _facts(uow: UnitOfWork, row: LineItem, context_id: UUID) -> LineItemFacts | None:
    if not row.made_here:
        return None
    sent = sa.select(Score.id).where(
        Score.context_id == context_id,
        Score.resource == row.resource,
        sa.or_(Score.sent_at.is_not(None), Score.stamped_at.is_not(None)),
    )
    used = uow.session.scalars(sent.limit(1)).first() is not None
    return LineItemFacts(row.label, row.score_maximum, used)
