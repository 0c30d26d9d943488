"""What happens in the forum while processes die, the same in every run: 2,000 deliveries of it.

The forum tries each delivery once, as Discourse does: what meets a closed door is lost. An
administrator presses "redeliver" for most of those (the same event id again); the rest stays lost
and must be found by reconciliation. Some are sent twice, and the order is nobody's.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from plugin.practice.forum import proof
from plugin.practice.forum import seed as forum_seed
from plugin.practice.forum.forum import Forum
from plugin.practice.lms.faults import Area, Mode, clear_faults, set_fault
from tests.faults.place import Neighbours
from tests.faults.town import ASKER, LINKED, MENTORS, STRANGERS, learner, mentor, stranger

TOPICS = 250
LOST_FOR_GOOD = 6  # of the topics whose number this divides, nothing is delivered again


def start(forum: Forum) -> None:
    """Disorder and repetition, from one generator."""
    forum.webhook_faults.configure(seed=7, shuffle=True, duplicate=0.04, redeliver=0.04)


def answer_late(near: Neighbours) -> None:
    """What Lantern asks for takes effect, but it is told late or never: many die in between."""
    for path in ("/posts*", "/user_badges*"):
        near.forum.faults.add(
            "hang", method="POST", path=path, when="after", times=None, seconds=0.4
        )
    set_fault(near.lms.store, Area.GRADES, Mode.LOST, count=6)


def answer_at_once(near: Neighbours) -> None:
    """The bad day is over."""
    near.forum.faults.clear()
    clear_faults(near.lms.store)


def title(number: int) -> str:
    return f"Question number {number:03}"


def tell_topic(forum: Forum, number: int, begin: datetime) -> None:
    """A question, three answers, two likes, one accepted: at least eight deliveries.

    In every tenth the asker, who has no account here, first accepts another answer.
    """
    at = begin + timedelta(minutes=5 * number)
    answerers = [
        _answerer(number),
        stranger(number % STRANGERS),
        stranger((number + 1) % STRANGERS),
    ]
    topic = forum_seed.add_topic(
        forum, ASKER, title(number), f"How do I solve number {number}?", created_at=at
    )
    posts = [
        forum_seed.reply(
            forum, who, topic, f"Answer {place} to number {number}.", created_at=at + _minute(place)
        )
        for place, who in enumerate(answerers, start=1)
    ]
    forum_seed.like(forum, ASKER, posts[0], created_at=at + _minute(4))
    forum_seed.like(forum, ASKER, posts[1], created_at=at + _minute(4))
    if number % 10 == 9:
        forum_seed.accept(forum, ASKER, posts[1], created_at=at + _minute(4))
        forum_seed.accept(forum, ASKER, posts[2], created_at=at + _minute(4))
    else:
        forum_seed.accept(forum, ASKER, posts[0], created_at=at + _minute(4))


def _minute(count: int) -> timedelta:
    return timedelta(minutes=count)


def _answerer(number: int) -> str:
    """Linked people, so that credentials follow; every third time somebody of the forum alone."""
    if number % 3 == 2:
        return stranger(number % STRANGERS)
    place = (number * 7) % (LINKED + MENTORS)
    return learner(place) if place < LINKED else mentor(place - LINKED)


@dataclass
class Redelivery:
    """An administrator of the forum who sends again what did not arrive, most of it."""

    forum: Forum
    sent: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def left(self) -> list[int]:
        """Deliveries that are still to be sent again."""
        with self.forum.store.reading() as db:
            rows = db.execute(
                "SELECT id, payload FROM web_hook_event WHERE status NOT BETWEEN 200 AND 299"
            ).fetchall()
        return [row["id"] for row in rows if not _given_up(row["payload"])]

    def _work(self) -> None:
        while not self._stop.wait(0.25):
            for event_id in self.left():
                if self._stop.is_set():
                    return
                self.sent += 1
                answer = self.forum.sender.redeliver(event_id)
                if answer is None or not answer.successful:
                    break  # nobody there: try a little later


def _given_up(body: str) -> bool:
    return any(
        title(number) in body or f" number {number}." in body
        for number in range(0, TOPICS, LOST_FOR_GOOD)
    )


def lost(forum: Forum) -> int:
    """Events that nobody has ever acknowledged."""
    return len(proof.deliveries(forum, acknowledged=False))
