"""Finding what never arrived: failed deliveries, active topics, new posts, groups, badge holders.

Discourse loses deliveries silently (a time-out is not retried), and accepting an answer does not
bring a topic up in the list. So each run asks for the deliveries that failed, where the key may see
them; reads the active topics since the mark, the posts since the last one seen, and one further
page of all topics in turn. A topic is marked to be read when the list's own word about an accepted
answer differs from ours, or when it was active. Only marking happens here; :mod:`reading` does the
rest within the same budget, and the run's figures show what it was good for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from discourse_hooks import connections, failed_deliveries, touched
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.client.results import PostLine, TopicLine
from discourse_hooks.client.transport import Transport
from discourse_hooks.connections import Forum
from discourse_hooks.contributions import ACCEPTED_ANSWER, topic_prefix
from discourse_hooks.models import BadgeLink, Connection, ForumSpace, Reconciliation
from discourse_hooks.touched import Touch
from discourse_hooks.wants import badges
from plugin.expertise import public as expertise
from plugin.kernel.dispatch import Later
from plugin.kernel.telemetry import get_logger
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

if TYPE_CHECKING:
    from plugin.kernel.services import Services

log = get_logger(__name__)
MOST_PAGES = 10
MOST_ACCOUNTS = 50


@dataclass(frozen=True)
class Reconciled:
    """The figures of one run for one forum."""

    looked_at: int
    marked: int
    redelivered: int
    complete: bool
    why: str = ""


@dataclass
class _Run:
    """A run under way."""

    services: Services
    forum: Forum
    api: ForumApi
    id: UUID
    looked_at: int = 0
    marked: int = 0
    redelivered: int = 0
    why: str = ""

    def mark(self, seen: int, touches: Callable[[UnitOfWork], Iterable[Touch]]) -> None:
        """Count what was looked at, and mark what is to be read."""
        with self.services.units.community(self.forum.community_id) as uow:
            chosen = set(touches(uow))
            touched.mark(uow, self.forum.id, chosen, run_id=self.id)
            uow.commit()
        self.looked_at += seen
        self.marked += len(chosen)

    def leave_out(self, what: str, refused: ForumRefused) -> None:
        """Go on without a part that the key does not allow; the figures say so."""
        self.why = f"{self.why}; {what}: {refused.status}".strip("; ")[:300]


def run(services: Services) -> None:
    """Reconcile every forum; one that does not answer does not hold the others up."""
    for forum in connections.all_of_them(services):
        figures = reconcile(services, forum)
        log.info("forum reconciled", forum=forum.handle, **vars(figures))


def reconcile(services: Services, forum: Forum) -> Reconciled:
    """One run for one forum; a mark moves on only when all pages up to it were read."""
    work = _begin(services, forum)
    complete = True
    try:
        work.redelivered = failed_deliveries.fetch(services, forum, work.api)
        _topics(work)
        _posts(work)
    except (Later, ForumRefused) as stopped:
        complete = False
        work.why = f"{work.why}; {stopped}".strip("; ")[:300]
        log.info("reconciliation stopped", forum=forum.handle, reason=str(stopped))
    _end(work, complete=complete)
    return Reconciled(work.looked_at, work.marked, work.redelivered, complete, work.why)


def _begin(services: Services, forum: Forum) -> _Run:
    with services.units.system() as uow:
        row = Reconciliation(connection_id=forum.id, started_at=uow.now())
        uow.session.add(row)
        uow.commit()
    api = ForumApi(Transport(services, forum, waited_for=False))
    return _Run(services, forum, api, row.id)


def _end(work: _Run, *, complete: bool) -> None:
    with work.services.units.system() as uow:
        row = uow.session.get_one(Reconciliation, work.id)
        row.ended_at = uow.now()
        row.looked_at, row.marked = work.looked_at, work.marked
        row.redelivered, row.complete, row.why = work.redelivered, complete, work.why
        if complete:
            uow.session.get_one(Connection, work.forum.id).last_reconciled_at = uow.now()
        uow.commit()


def _topics(work: _Run) -> None:
    with work.services.units.system_reading() as uow:
        row = uow.session.get_one(Connection, work.forum.id)
        mark, sweep_page = row.reconciled_until, row.sweep_page
    newest = mark
    for number in range(MOST_PAGES):
        page = work.api.latest(number)
        _mark_topics(work, page, mark)
        times = [line.bumped_at for line in page if line.bumped_at]
        newest = max([*times, newest] if newest else times, default=None)
        if not page or (mark and times and max(times) <= mark):
            break
    swept = work.api.latest(sweep_page)
    _mark_topics(work, swept, newest)
    with work.services.units.system() as uow:
        row = uow.session.get_one(Connection, work.forum.id)
        row.reconciled_until = newest
        row.sweep_page = sweep_page + 1 if swept else 0
        uow.commit()


def _mark_topics(work: _Run, page: tuple[TopicLine, ...], since: datetime | None) -> None:
    work.mark(
        len(page),
        lambda uow: [
            Touch("topic", str(line.id)) for line in page if _differs(uow, work.forum, line, since)
        ],
    )


def _differs(uow: UnitOfWork, forum: Forum, line: TopicLine, since: datetime | None) -> bool:
    if since is None:  # the first look at a forum: its past counts where it was solved
        return line.solved is not False
    active = line.bumped_at is None or line.bumped_at > since
    if line.solved is None or active:
        return active
    known = expertise.sources_under(uow, ACCEPTED_ANSWER, topic_prefix(forum, line.id))
    return line.solved != bool(known)


def _posts(work: _Run) -> None:
    """Posts since the last one seen: not every post brings its topic up in the list."""
    with work.services.units.system_reading() as uow:
        until = uow.session.get_one(Connection, work.forum.id).posts_until
    newest, before = until, None
    try:
        for _number in range(MOST_PAGES):
            page = work.api.posts_before(before)
            fresh = [line for line in page if line.id > until]
            _mark_posts(work, len(page), fresh)
            newest = max([newest, *(line.id for line in page)])
            # the first run has no mark: one page, or a forum's whole past would be walked through
            if not page or len(fresh) < len(page) or not until:
                break
            before = min(line.id for line in page)
    except ForumRefused as refused:
        work.leave_out("posts", refused)
        return
    with work.services.units.system() as uow:
        uow.session.get_one(Connection, work.forum.id).posts_until = newest
        uow.commit()


def _mark_posts(work: _Run, seen: int, fresh: list[PostLine]) -> None:
    work.mark(seen, lambda _uow: [Touch("topic", str(line.topic_id)) for line in fresh])


def look_after_badges(services: Services) -> None:
    """Compare accounts, groups and badge holders with what is kept: bulk changes send no event."""
    for forum in connections.all_of_them(services):
        with services.units.community(forum.community_id) as uow:
            if badges.want_again_what_waits(uow):
                uow.commit()
        work = _begin(services, forum)
        complete = True
        try:
            _accounts(work)
            _groups(work)
            _badge_holders(work)
        except Later as later:
            complete, work.why = False, str(later)[:300]
        _end(work, complete=complete)


def _accounts(work: _Run) -> None:
    """Some linked accounts in turn: a rename or a removal may never have been told."""
    with work.services.units.system_reading() as uow:
        after = uow.session.get_one(Connection, work.forum.id).accounts_until
    with work.services.units.reading(work.forum.community_id) as uow:
        found = people.linked_from(uow, work.forum.base_url, after=after, limit=MOST_ACCOUNTS)
    touches = [Touch("user", one.subject) for one in found]
    work.mark(len(touches), lambda _uow: touches)
    with work.services.units.system() as uow:
        row = uow.session.get_one(Connection, work.forum.id)
        row.accounts_until = found[-1].id if len(found) == MOST_ACCOUNTS else None
        uow.commit()


def _groups(work: _Run) -> None:
    with work.services.units.reading(work.forum.community_id) as uow:
        rows = uow.session.execute(
            sa.select(ForumSpace.kind, ForumSpace.remote_id, ForumSpace.group_id).where(
                ForumSpace.connection_id == work.forum.id, ForumSpace.remote_id.is_not(None)
            )
        ).all()
    ids = {row.group_id or (row.remote_id if row.kind == "group" else None) for row in rows}
    groups = [Touch("group", str(group_id)) for group_id in ids if group_id is not None]
    work.mark(len(groups), lambda _uow: groups)


def _badge_holders(work: _Run) -> None:
    services, forum = work.services, work.forum
    with services.units.reading(forum.community_id) as uow:
        badge_ids = uow.session.scalars(
            sa.select(BadgeLink.badge_id)
            .where(BadgeLink.connection_id == forum.id, BadgeLink.badge_id.is_not(None))
            .distinct()
        ).all()
    try:
        for badge_id in badge_ids:
            if badge_id is not None:
                _compare_holders(work, badge_id)
    except ForumRefused as refused:  # the list of holders needs a wider key
        work.leave_out("badge holders", refused)


def _compare_holders(work: _Run, badge_id: int) -> None:
    held = {badge.id for badge in work.api.badge_holders(badge_id)}

    def differing(uow: UnitOfWork) -> list[Touch]:
        links = uow.session.scalars(
            sa.select(BadgeLink).where(
                BadgeLink.connection_id == work.forum.id,
                BadgeLink.badge_id == badge_id,
                BadgeLink.granted,
                BadgeLink.remote_id.is_not(None),
            )
        )
        return [
            Touch("held_badges", link.user_id)
            for link in links
            if link.removed_there == (link.remote_id in held)
        ]

    work.mark(len(held), differing)
