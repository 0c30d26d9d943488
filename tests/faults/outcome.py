"""What came of a run, without ids and times, so that two runs can be held against each other."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from discourse_hooks.models import InboxMessage, InboxState, Touched
from plugin.kernel.outbox import Delivery, DeliveryState
from plugin.kernel.schedules import ScheduleRow
from plugin.practice.forum import proof
from plugin.practice.forum.forum import Forum
from plugin.practice.lms.server import RunningLms

Outcome = dict[str, Counter[Any]]
SOON = timedelta(hours=1)

# Each gives one line for each effect; two equal lines are an effect that happened twice.
LANTERN = {
    "contributions": """
        SELECT i.username, c.kind, c.source_url, c.withdrawn_at IS NULL
        FROM expertise_contribution c JOIN people_external_identity i ON i.id = c.identity_id
        WHERE c.withdrawn_at IS NULL""",
    "credentials": """
        SELECT p.display_name, a.name, c.revoked_at IS NULL
        FROM credentials_credential c JOIN people_person p ON p.id = c.person_id
        JOIN credentials_achievement a ON a.id = c.achievement_id""",
    "awards": """
        SELECT p.display_name, a.name, w.standing
        FROM credentials_award w JOIN people_person p ON p.id = w.person_id
        JOIN credentials_achievement a ON a.id = w.achievement_id""",
    "evidence": """
        SELECT p.display_name, e.kind, COUNT(*) FROM credentials_evidence e
        LEFT JOIN people_person p ON p.id = e.person_id
        WHERE e.withdrawn_at IS NULL GROUP BY p.display_name, e.kind""",
    "badges known": "SELECT username, badge_name, granted, removed_there "
    "FROM discourse_hooks_badge_link",
    "pairs": """
        SELECT g.title, o.display_name, l.display_name, p.state
        FROM mentoring_pair p JOIN mentoring_programme g ON g.id = p.programme_id
        JOIN people_person o ON o.id = p.mentor_id JOIN people_person l ON l.id = p.mentee_id""",
    "matchings": """
        SELECT g.title, m.state FROM mentoring_matching m
        JOIN mentoring_programme g ON g.id = m.programme_id""",
    "ledger": """
        SELECT p.display_name, c.minutes_per_week, c.standing
        FROM workload_capacity c JOIN people_person p ON p.id = c.person_id""",
    "reservations": """
        SELECT p.display_name, r.minutes, r.week IS NULL, r.state
        FROM workload_reservation r JOIN people_person p ON p.id = r.person_id""",
    "scores": """
        SELECT p.display_name, s.points, s.maximum, s.reviews, s.revision, s.sent_revision
        FROM reviews_score s JOIN reviews_submission w ON w.id = s.submission_id
        JOIN people_person p ON p.id = w.author_id""",
    "scores sent": """
        SELECT p.display_name, s.state, s.reason FROM lti_score s
        JOIN people_person p ON p.id = s.person_id""",
    "columns known": "SELECT score_maximum FROM lti_line_item",
    "notices": """
        SELECT p.display_name, n.kind, n.message, n.state, n.channels, n.url
        FROM notifications_notice n JOIN people_person p ON p.id = n.person_id""",
    "spaces": "SELECT want_key, kind, remote_id IS NULL FROM discourse_hooks_forum_space "
    "WHERE want_key NOT LIKE 'notice:%'",
    "people": "SELECT display_name, email FROM people_person",
    "accounts": "SELECT p.display_name, i.kind, i.subject FROM people_external_identity i "
    "LEFT JOIN people_person p ON p.id = i.person_id",
    "roster": """
        SELECT p.display_name, m.role, m.left_at IS NULL
        FROM people_membership m JOIN people_person p ON p.id = m.person_id""",
    "audit": "SELECT action FROM kernel_audit_entry",
    # Contributions of an answer that was accepted for a moment come and go with what is read when.
    "events": "SELECT name FROM kernel_outbox_message WHERE name NOT LIKE 'expertise.%' "
    "AND name NOT LIKE 'lti.%'",
}
UNFINISHED = {
    "deliveries parked": "SELECT subscriber, last_error FROM kernel_delivery "
    "WHERE state = 'parked'",
    "deliveries": "SELECT subscriber, last_error FROM kernel_delivery WHERE state = 'waiting'",
    "inbox parked": "SELECT event_name, outcome FROM discourse_hooks_inbox_message "
    "WHERE state = 'parked'",
    "inbox": "SELECT event_name, outcome FROM discourse_hooks_inbox_message "
    "WHERE state = 'waiting'",
    "touched parked": "SELECT kind, last_error FROM discourse_hooks_touched WHERE parked",
    "touched": "SELECT kind, last_error FROM discourse_hooks_touched WHERE waiting AND NOT parked",
}
_HANDLE = re.compile(r"(?<=/)[A-Za-z0-9_-]{20,}")


def of(engine: Engine, near_forum: Forum, lms: RunningLms, data: Path) -> Outcome:
    """Everything that both runs must have in common."""
    with _reading(engine).connect() as connection:
        found = {name: _lines(connection, query) for name, query in LANTERN.items()}
    titles = _titles(near_forum)
    found["contributions"] = Counter(
        (line[0], line[1], _by_title(line[2], titles)) for line in found["contributions"].elements()
    )
    for name in ("notices", "spaces"):
        found[name] = Counter(tuple(map(_plain, line)) for line in found[name].elements())
    return found | _forum(near_forum) | _gradebook(lms) | _mail(data / "mail")


def unfinished(engine: Engine) -> Outcome:
    """What is left to do, or was set aside."""
    with _reading(engine).connect() as connection:
        return {name: _lines(connection, query) for name, query in UNFINISHED.items()}


def _reading(engine: Engine) -> Engine:
    """Looks must not stand in the way of those who write."""
    return engine.execution_options(lantern_writes=False)


def due(engine: Engine, now: datetime) -> bool:
    """Whether a worker has something to do within the hour; what is parked is nobody's work."""
    with Session(_reading(engine)) as session:
        return any(
            session.scalars(query.limit(1)).first() is not None
            for query in (
                sa.select(Delivery.id).where(
                    Delivery.state == DeliveryState.WAITING, Delivery.next_attempt_at <= now + SOON
                ),
                sa.select(InboxMessage.id).where(InboxMessage.state == InboxState.WAITING),
                sa.select(Touched.id).where(Touched.waiting, ~Touched.parked),
                sa.select(ScheduleRow.name).where(ScheduleRow.next_run_at <= now),
            )
        )


def waiting(engine: Engine, now: datetime) -> int:
    """How many events are due for a subscriber."""
    return _count(engine, Delivery.state == DeliveryState.WAITING, Delivery.next_attempt_at <= now)


def carried_out(engine: Engine) -> int:
    """How often a subscriber has done its part."""
    return _count(engine, Delivery.state == DeliveryState.DONE)


def _count(engine: Engine, *which: sa.ColumnElement[bool]) -> int:
    with Session(_reading(engine)) as session:
        return session.scalars(sa.select(sa.func.count()).where(*which)).one()


def _lines(connection: Connection, query: str) -> Counter[Any]:
    return Counter(tuple(row) for row in connection.execute(sa.text(query)))


def _plain(value: Any) -> Any:
    """A text without the random part of addresses."""
    return _HANDLE.sub("*", value) if isinstance(value, str) else value


def _titles(forum: Forum) -> dict[str, str]:
    with forum.store.reading() as db:
        return {str(row["id"]): row["title"] for row in db.execute("SELECT id, title FROM topic")}


def _by_title(source: str, titles: dict[str, str]) -> str:
    topic, post = source.rsplit("/", 2)[1:]
    return f"{titles[topic]}, post {post}"


def _forum(forum: Forum) -> Outcome:
    messages = proof.messages(forum)
    return {
        "forum: badges": Counter(
            {(one.username, one.badge): one.times for one in proof.grants(forum)}
        ),
        "forum: messages": Counter(
            (one.author, one.people, one.title, _plain(one.raw)) for one in messages
        ),
        "forum: messages sent twice": Counter(
            (one.people, one.title) for one in proof.repeated_messages(forum)
        ),
    }


def _gradebook(lms: RunningLms) -> Outcome:
    with lms.store.reading() as db:
        columns = db.execute("SELECT label, score_maximum FROM line_item").fetchall()
        grades = db.execute(
            "SELECT l.label, u.username, g.score, g.comment FROM grade g JOIN line_item l"
            " ON l.id = g.line_item_id JOIN user u ON u.id = g.user_id"
        ).fetchall()
    return {
        "gradebook: columns": Counter(map(tuple, columns)),
        "gradebook: grades": Counter(map(tuple, grades)),
    }


def _mail(folder: Path) -> Outcome:
    """Which of our pages each reader was sent to, how often; how things are bundled may differ."""
    told: Counter[Any] = Counter()
    identities: Counter[Any] = Counter()
    for path in folder.glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        identities[str(mail["Message-ID"])] += 1
        for url in re.findall(r"https?://\S+", str(body.get_content())):
            if "/l/" not in url and not url.endswith("/notices"):  # single links, and the foot
                told[str(mail["To"]), _plain(url)] += 1
    return {
        "mail: told": told,
        "mail: identities used twice": Counter(
            {one: count for one, count in identities.items() if count > 1}
        ),
    }


@dataclass(frozen=True)
class Repeats:
    """Repetition that has no effect, for the report."""

    score_posts: int
    deliveries: int


def repeats(lms: RunningLms, engine: Engine) -> Repeats:
    with lms.store.reading() as db:
        posts = (
            db.execute("SELECT count(*) FROM score_post WHERE status = 200").fetchone()[0]
            - db.execute("SELECT count(*) FROM grade").fetchone()[0]
        )
    with _reading(engine).connect() as connection:
        again = connection.execute(
            sa.text("SELECT coalesce(sum(repeats), 0) FROM discourse_hooks_inbox_message")
        ).scalar_one()
    return Repeats(int(posts), int(again))


def missing(engine: Engine, forum: Forum) -> list[str]:
    """Deliveries that the forum saw acknowledged and of which Lantern keeps nothing."""
    with _reading(engine).connect() as connection:
        kept = connection.execute(
            sa.text("SELECT event_id, event_name, body_sha256 FROM discourse_hooks_inbox_message")
        ).all()
    ids = {row.event_id for row in kept}
    bodies = {(row.event_name, row.body_sha256) for row in kept}
    return [
        f"{one.event_id} {one.event_name}"
        for one in proof.deliveries(forum, acknowledged=True)
        if str(one.event_id) not in ids
        and (one.event_name, hashlib.sha256(one.body.encode()).hexdigest()) not in bodies
        and '"archetype":"private_message"' not in one.body
        and '"topic_archetype":"private_message"' not in one.body
    ]


def differences(one: Outcome, other: Outcome) -> list[str]:
    """In words: what the second has too little (-) or too much (+) of."""
    said = []
    for name in one:
        for line in one[name].keys() | other[name].keys():
            change = other[name][line] - one[name][line]
            if change:
                said.append(f"{name}: {change:+d} {line}")
    return sorted(said)
