"""Did anything happen twice? Looks at the content, not at what a client claims."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.practice.forum.forum import Forum
from plugin.practice.forum.store import Row

_MESSAGES = """
SELECT t.id, t.title, u.username AS author, t.external_id, t.created_at,
  (SELECT raw FROM post p WHERE p.topic_id = t.id AND p.post_number = 1) AS raw,
  (SELECT group_concat(username) FROM (SELECT a.username FROM topic_user l JOIN account a
    ON a.id = l.user_id WHERE l.topic_id = t.id ORDER BY a.username)) AS people
FROM topic t JOIN account u ON u.id = t.user_id
WHERE t.archetype = 'private_message' AND t.deleted_at IS NULL
"""


@dataclass(frozen=True)
class Message:
    """A private message: its topic, who takes part, what it says."""

    topic_id: int
    title: str
    author: str
    raw: str
    people: tuple[str, ...]
    external_id: str | None
    created_at: str


@dataclass(frozen=True)
class Grant:
    """A badge that somebody has. `times` is above 1 only for a doubled grant."""

    badge: str
    username: str
    times: int


@dataclass(frozen=True)
class Delivery:
    """A webhook event that was sent. `status` is the last answer, -1 for none."""

    event_id: int
    hook_id: int
    event_name: str
    status: int | None
    body: str
    sent_count: int

    @property
    def acknowledged(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def _message(row: Row) -> Message:
    people = tuple(str(row["people"] or "").split(","))
    return Message(
        row["id"],
        row["title"],
        row["author"],
        row["raw"],
        people,
        row["external_id"],
        row["created_at"],
    )


def messages(forum: Forum, username: str | None = None) -> list[Message]:
    """All private messages, oldest first, or those that a person takes part in."""
    with forum.store.reading() as db:
        found = [_message(row) for row in db.execute(f"{_MESSAGES} ORDER BY t.id")]
    return [one for one in found if username is None or username in one.people]


def repeated_messages(forum: Forum) -> list[Message]:
    """Every message after the first with the same author, people, title and text."""
    seen, again = set(), []
    for one in messages(forum):
        content = (one.author, one.people, one.title, one.raw)
        if content in seen:
            again.append(one)
        seen.add(content)
    return again


def grants(forum: Forum) -> list[Grant]:
    with forum.store.reading() as db:
        rows = db.execute(
            "SELECT d.name, u.username, count(*) AS times FROM user_badge b JOIN badge d"
            " ON d.id = b.badge_id JOIN account u ON u.id = b.user_id"
            " GROUP BY d.id, u.id ORDER BY d.name, u.username"
        )
        return [Grant(row["name"], row["username"], row["times"]) for row in rows]


def repeated_grants(forum: Forum) -> list[Grant]:
    return [one for one in grants(forum) if one.times > 1]


def deliveries(forum: Forum, *, acknowledged: bool | None = None) -> list[Delivery]:
    """Webhook requests, oldest first: all, or those that were (not) answered with 2xx."""
    with forum.store.reading() as db:
        rows = db.execute("SELECT * FROM web_hook_event ORDER BY id").fetchall()
    found = [
        Delivery(
            row["id"],
            row["web_hook_id"],
            row["event_name"],
            row["status"],
            row["payload"],
            row["sent_count"],
        )
        for row in rows
    ]
    return [one for one in found if acknowledged in (None, one.acknowledged)]


def webhook_states(forum: Forum) -> dict[str, int]:
    """How many webhook jobs are queued, sending, done, failed, lost."""
    with forum.store.reading() as db:
        rows = db.execute("SELECT state, count(*) AS n FROM web_hook_job GROUP BY state")
        return {row["state"]: row["n"] for row in rows}
