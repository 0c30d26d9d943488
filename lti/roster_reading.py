"""Reading a roster: one page a transaction, to be stopped or killed anywhere and gone on with.

The reading is a row: where the next page is, how many people are kept. Memory holds one page, the
database who was seen (`RosterEntry`). When the list is complete, whoever came through this door and
stands on no list of the course any more has left: an event that others hear; nothing is removed.
An empty list is a platform's fault more often than an empty course: it sends nobody away.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from lti.advantage import nrps
from lti.advantage.client import ServiceClient, pause
from lti.advantage.nrps import MemberView
from lti.events import RosterWanted
from lti.models import ContextLink
from lti.platforms import platform
from lti.registrations import DeploymentView, deployment_by_id
from lti.roster_entries import keep, let_go
from lti.service_models import ReadState, RosterRead
from plugin.kernel.dispatch import DeliveryFacts, Later
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger
from plugin.kernel.unit_of_work import UnitOfWork

MAX_PAGES = 1_000
MAX_PEOPLE = 50_000
_CHUNK = 100  # people a transaction, where a page holds more
_CLAIM = timedelta(minutes=2)
_SLICE = 40.0  # seconds at a stretch, so that no delivery outlives its own claim
_STALE = timedelta(hours=1)  # a bookmark of yesterday leads nowhere: begin again
_TRIES = 8
_RAN_OUT = "the address of the next page ran out"
_ENDLESS = "the list of people does not end"

log = get_logger(__name__)


@dataclass(frozen=True)
class _Task:
    """A reading in our hand."""

    services: Services
    community_id: UUID
    read_id: UUID
    deployment: DeploymentView
    context_id: UUID
    course: str
    first: str


class _Stopped(Exception):
    """Somebody stopped the reading, or it is in other hands by now."""


def read(services: Services, delivery: DeliveryFacts, event: RosterWanted) -> None:
    """Read one roster (unique: issuer and subject, context and person); again is harmless."""
    task = _take(services, delivery, event.context_link_id)
    if task is None:
        return
    client = ServiceClient(services, task.deployment.registration, (nrps.SCOPE,))
    until = time.monotonic() + _SLICE
    try:
        while _step(task, client):
            if time.monotonic() > until:
                _release(task)
                raise Later(timedelta(0), "the roster is long: going on")
    except _Stopped:
        return
    except RemoteCallFailed as failure:
        _failed(task, failure)


def _take(services: Services, delivery: DeliveryFacts, link_id: UUID) -> _Task | None:
    """Begin a reading, or go on with the open one; None when there is nothing to do."""
    with services.units.community(delivery.community_id) as uow:
        link = uow.session.get(ContextLink, link_id, with_for_update=True)
        if link is None or link.memberships_url is None:
            return None
        now = uow.now()
        row = uow.session.scalars(
            sa.select(RosterRead)
            .where(RosterRead.context_link_id == link_id)
            .order_by(RosterRead.id.desc())
            .limit(1)
        ).first()
        if row is not None and row.state is not ReadState.READING:
            if row.state is ReadState.DONE and row.started_at > delivery.created_at:
                return None  # read since it was wished for
            row = None
        if row is not None and row.claimed_until is not None and row.claimed_until > now:
            if row.delivery_id != delivery.id:
                return None  # it is being read just now; this wish is served by that
            raise Later(row.claimed_until - now, "another worker reads this roster")
        if row is not None and row.listed_at is None and now - row.started_at > _STALE:
            row.state, row.reason, row.finished_at = ReadState.FAILED, "not finished in time", now
            row = None
        if row is None:
            row = RosterRead(
                context_link_id=link_id, started_at=now, state=ReadState.READING,
                pages=0, people=0, gone=0, failures=0,
            )  # fmt: skip
            uow.session.add(row)
        row.delivery_id, row.claimed_until = delivery.id, now + _CLAIM
        uow.session.flush()
        deployment = deployment_by_id(uow, link.deployment_id)
        task = _Task(
            services, delivery.community_id, row.id, deployment,
            link.context_id, link.external_id, link.memberships_url,
        )  # fmt: skip
        uow.commit()
    return task


def _step(task: _Task, client: ServiceClient) -> bool:
    """One page, or some of those who left; False when all is done."""
    with task.services.units.reading(task.community_id) as uow:
        row = uow.session.get(RosterRead, task.read_id)
        if row is None or row.state is not ReadState.READING:
            raise _Stopped
        url, listed = row.next_url, row.listed_at is not None
        begun = row.started_at
    if listed:
        return _part(task, begun)
    quirks = platform(task.deployment.registration.family)
    if url is None:
        query = quirks.roster_query(task.course)
        page = nrps.page(client, task.first, query=query, first=task.first)
    else:
        page = nrps.page(client, url, first=task.first)
    if page.next_url is not None and page.next_url == url:
        raise RemoteCallFailed(task.first, _ENDLESS, retryable=False)
    _keep_page(task, page)
    return True


def _keep_page(task: _Task, page: nrps.Page) -> None:
    """Keep a page and where to go on, in one commit (a very long page in several)."""
    chunks = [page.members[i : i + _CHUNK] for i in range(0, len(page.members), _CHUNK)] or [()]
    fresh = 0
    for number, chunk in enumerate(chunks):
        with task.services.units.community(task.community_id) as uow:
            row = uow.session.get_one(RosterRead, task.read_id)
            if row.state is not ReadState.READING:
                raise _Stopped
            link = uow.session.get_one(ContextLink, row.context_link_id)
            new = keep(uow, link, task.deployment, task.read_id, chunk)
            fresh += new
            row.people += new
            row.claimed_until = uow.now() + _CLAIM
            if number == len(chunks) - 1:
                row.pages, row.next_url = row.pages + 1, page.next_url
                if page.next_url is None:
                    row.listed_at = uow.now()
            uow.commit()
    _check_end(task, page, fresh)


def _check_end(task: _Task, page: nrps.Page, fresh: int) -> None:
    """A list that goes round in a circle, or on for ever, is no list."""
    if page.next_url is None:
        return
    with task.services.units.reading(task.community_id) as uow:
        row = uow.session.get_one(RosterRead, task.read_id)
        pages, people = row.pages, row.people
    again = bool(page.members) and not fresh and any(_counts(one) for one in page.members)
    if again or pages >= MAX_PAGES or people >= MAX_PEOPLE:
        raise RemoteCallFailed(task.first, _ENDLESS, retryable=False)


def _counts(member: MemberView) -> bool:
    return member.active and bool(member.roles)


def _part(task: _Task, begun: datetime) -> bool:
    """Note some who left; the last part closes the reading."""
    with task.services.units.community(task.community_id) as uow:
        row = uow.session.get_one(RosterRead, task.read_id)
        link = uow.session.get_one(ContextLink, row.context_link_id)
        gone, more = (0, False) if not row.people else let_go(uow, link, row.id, begun, _CHUNK)
        row.gone += gone
        row.claimed_until = uow.now() + _CLAIM
        if not more:
            row.state, row.finished_at = ReadState.DONE, uow.now()
            row.claimed_until = row.next_url = None
            link.roster_at, link.roster_error = uow.now(), None
        uow.commit()
    return more


def _release(task: _Task) -> None:
    with task.services.units.community(task.community_id) as uow:
        uow.session.get_one(RosterRead, task.read_id).claimed_until = None
        uow.commit()


def _failed(task: _Task, failure: RemoteCallFailed) -> None:
    """Wait and go on where we were; after some failures, or a plain no, say so and end it."""
    with task.services.units.community(task.community_id) as uow:
        row = uow.session.get_one(RosterRead, task.read_id)
        row.failures += 1
        expired = _ran_out(uow, row, failure)
        goes_on = failure.retryable and row.failures <= _TRIES
        again = goes_on or expired
        link = uow.session.get_one(ContextLink, row.context_link_id)
        link.roster_error = failure.reason[:300]
        if not goes_on:
            row.state, row.finished_at = ReadState.FAILED, uow.now()
            row.reason = _RAN_OUT if expired else failure.reason[:300]
        wait = pause(row.failures, failure)
        row.claimed_until = uow.now() + wait if goes_on else None  # no other wish cuts it short
        uow.commit()
    if again:
        raise Later(wait, str(failure)) from failure
    log.warning("lti.roster_failed", reason=str(failure))


def _ran_out(uow: UnitOfWork, row: RosterRead, failure: RemoteCallFailed) -> bool:
    """Whether a bookmark has run out, for which a list is begun again once in an hour."""
    if row.next_url is None or failure.status not in (400, 404, 410):
        return False
    before = uow.session.scalars(
        sa.select(RosterRead.id).where(
            RosterRead.context_link_id == row.context_link_id,
            RosterRead.reason == _RAN_OUT,
            RosterRead.started_at > uow.now() - _STALE,
        )
    )
    return before.first() is None
