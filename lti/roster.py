"""The people of a course, read from its platform: at first launch, on demand, every six hours.

The rule where the two disagree about a role: the roster decides who stands in pools and what
notices they get; a launch decides what its session may open. So whoever is on the list is known
before they open anything, and staff see who has not opened. `roster_reading.py` reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lti.advantage import tokens
from lti.events import RosterWanted
from lti.models import ContextLink, Deployment, DeploymentStatus, Platform, Registration
from lti.service_models import ReadState, RosterEntry, RosterRead
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork

EVERY = timedelta(hours=6)
_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Progress:
    """A reading under way: how far it is, and whether the platform keeps it waiting."""

    since: datetime
    pages: int
    people: int
    waits: bool
    complete: bool


@dataclass(frozen=True)
class ListView:
    """How the list of one course stands, from one platform.

    ``keys_unread``: this is a Moodle whose own settings keep it from reading our key set.
    """

    context_id: UUID
    platform: str
    read_at: datetime | None
    error: str | None
    keys_unread: bool = False
    reading: Progress | None = None
    gone: int = 0


def lists(uow: UnitOfWork, context_ids: Sequence[UUID]) -> list[ListView]:
    """The lists that platforms offer for these contexts."""
    rows = uow.session.execute(
        sa.select(ContextLink, Platform.name, Platform.issuer, Platform.family)
        .join(Deployment, Deployment.id == ContextLink.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .join(Platform, Platform.id == Registration.platform_id)
        .where(ContextLink.context_id.in_(context_ids), ContextLink.memberships_url.is_not(None))
        .order_by(ContextLink.id)
    )
    found = rows.all()
    latest = _latest(uow, [link.id for link, *_rest in found])
    return [
        ListView(
            link.context_id,
            name or issuer,
            link.roster_at,
            link.roster_error,
            keys_unread=family == "moodle" and tokens.NO_KEYS in (link.roster_error or ""),
            reading=_progress(latest.get(link.id)),
            gone=latest[link.id].gone if link.id in latest else 0,
        )
        for link, name, issuer, family in found
    ]


def sections(uow: UnitOfWork, context_id: UUID) -> dict[UUID, frozenset[str]]:
    """The sections of everybody on the lists of a course, by person; nobody where there are none.

    Names or ids as the platform writes them; who is in several lists is in the sections of all.
    """
    rows = uow.session.execute(
        sa.select(RosterEntry.person_id, RosterEntry.sections)
        .join(ContextLink, ContextLink.id == RosterEntry.context_link_id)
        .where(ContextLink.context_id == context_id)
    )
    found: dict[UUID, frozenset[str]] = {}
    for person_id, names in rows:
        if names:
            found[person_id] = found.get(person_id, frozenset()) | set(names)
    return found


def stop(uow: UnitOfWork, context_id: UUID) -> int:
    """End the readings of a course that are under way; what they have kept stays."""
    links = sa.select(ContextLink.id).where(ContextLink.context_id == context_id)
    rows = uow.session.scalars(
        sa.select(RosterRead).where(
            RosterRead.context_link_id.in_(links), RosterRead.state == ReadState.READING
        )
    ).all()
    for row in rows:
        row.state, row.finished_at, row.claimed_until = ReadState.STOPPED, uow.now(), None
    return len(rows)


def _latest(uow: UnitOfWork, link_ids: Sequence[UUID]) -> dict[UUID, RosterRead]:
    """The latest reading of each list, in one query."""
    newer = aliased(RosterRead)
    rows = uow.session.scalars(
        sa.select(RosterRead).where(
            RosterRead.context_link_id.in_(link_ids),
            ~sa.select(newer.id)
            .where(newer.context_link_id == RosterRead.context_link_id, newer.id > RosterRead.id)
            .exists(),
        )
    )
    return {row.context_link_id: row for row in rows}


def _progress(row: RosterRead | None) -> Progress | None:
    if row is None or row.state is not ReadState.READING:
        return None
    return Progress(row.started_at, row.pages, row.people, bool(row.failures), bool(row.listed_at))


def forget_old(services: Services) -> None:
    """Remove readings that ended more than a month ago."""
    for community_id in _communities(services):
        with services.units.community(community_id) as work:
            work.session.execute(
                sa.delete(RosterRead).where(
                    RosterRead.state != ReadState.READING,
                    RosterRead.started_at < work.now() - _KEPT,
                )
            )
            work.commit()


def ask(uow: UnitOfWork, context_id: UUID) -> bool:
    """Have the rosters of a context read soon; False when no platform offers one."""
    links = uow.session.scalars(
        sa.select(ContextLink.id).where(
            ContextLink.context_id == context_id, ContextLink.memberships_url.is_not(None)
        )
    ).all()
    for link_id in links:
        uow.record(RosterWanted(context_link_id=link_id))
    return bool(links)


def ask_for_all(services: Services) -> None:
    """Have every roster read that has not been read for a while."""
    for community_id in _communities(services):
        with services.units.community(community_id) as work:
            old = work.now() - EVERY
            under_way = sa.select(RosterRead.context_link_id).where(
                RosterRead.state == ReadState.READING,
                RosterRead.started_at > work.now() - timedelta(hours=1),
            )
            due = work.session.scalars(
                sa.select(ContextLink.id).where(
                    ContextLink.memberships_url.is_not(None),
                    sa.or_(ContextLink.roster_at.is_(None), ContextLink.roster_at <= old),
                    ContextLink.id.not_in(under_way),
                )
            ).all()
            for link_id in due:
                work.record(RosterWanted(context_link_id=link_id))
            work.commit()


def _communities(services: Services) -> list[UUID]:
    with services.units.system_reading() as uow:
        found = uow.session.scalars(
            sa.select(Deployment.community_id)
            .where(Deployment.status == DeploymentStatus.ACTIVE)
            .distinct()
        ).all()
    return [community_id for community_id in found if community_id is not None]
