"""Sends queued webhooks with Discourse's real semantics (facts 1.3).

- No order is promised; two workers take what is due.
- Each try of a job makes a new event row: an automatic retry has a NEW event id.
- 2xx is success. Retries (after 1, 5, 25, 125 minutes) only when `retry_web_hook_events` is on.
- No answer at all (status -1: time-out, refused, dropped) is never retried.
- 404 and 410 are never retried; on the fourth retry they switch the webhook off.
- Redelivery by hand sends the stored headers and body again: the SAME event id.
- A job that was being sent when the process died is gone, as with the real queue.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from plugin.practice.forum.clock import Clock
from plugin.practice.forum.delivery_http import NOT_DELIVERED, Sent, post
from plugin.practice.forum.faults import WebhookFaults
from plugin.practice.forum.signature import event_signature
from plugin.practice.forum.store import Db, Row, Settings, Store

USER_AGENT = "Discourse/2026.3.0"
CONTENT_TYPES = {1: "application/json", 2: "application/x-www-form-urlencoded"}
GONE = (404, 410)


@dataclass
class Sender:
    """The queue's workers. `run_due` sends in the calling thread: what most tests use."""

    store: Store
    clock: Clock
    settings: Settings
    faults: WebhookFaults
    instance: str
    timeout: float = 20.0
    retry_minutes: tuple[float, ...] = (1, 5, 25, 125)
    _wake: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, workers: int = 2) -> None:
        with self.store.transaction() as db:
            db.execute("UPDATE web_hook_job SET state = 'lost' WHERE state = 'sending'")
        self._stop.clear()
        for number in range(workers):
            thread = threading.Thread(
                target=self._work, name=f"forum-webhooks-{number}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(self.timeout + 1)
        self._threads.clear()

    def wake(self) -> None:
        self._wake.set()

    def _work(self) -> None:
        while not self._stop.is_set():
            if not self._send_one():
                self._wake.wait(0.25)
                self._wake.clear()

    def run_due(self, limit: int = 100_000) -> int:
        """Sends everything that is due now; the number of requests made or lost."""
        done = 0
        while done < limit and self._send_one():
            done += 1
        return done

    def wait_idle(self, timeout: float = 30.0) -> bool:
        """Whether everything that is due was sent within the time."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.waiting() == 0:
                return True
            time.sleep(0.02)
        return False

    def waiting(self) -> int:
        """Jobs that are due or being sent now; a retry in ten minutes does not count."""
        with self.store.reading() as db:
            row = db.execute(
                "SELECT count(*) FROM web_hook_job WHERE state = 'sending'"
                " OR (state = 'queued' AND not_before <= ?)",
                (self.clock.stamp(),),
            ).fetchone()
        return int(row[0])

    def _send_one(self) -> bool:
        job = self._claim()
        if job is None:
            return False
        if job["redeliver_event_id"] is not None:
            self.redeliver(job["redeliver_event_id"])
            self._settle(job, "done")
        elif self.faults.happens(self.faults.lose):
            self._settle(job, "lost")
        else:
            self._deliver(job)
        return True

    def _claim(self) -> Row | None:
        if self.faults.paused:
            return None
        with self.store.reading() as db:
            if not self._due(db):  # no write lock for a look at an empty queue
                return None
        with self.store.transaction() as db:
            due = self._due(db)
            if not due:
                return None
            job: Row = db.execute(
                "UPDATE web_hook_job SET state = 'sending' WHERE id = ? RETURNING *",
                (due[self.faults.pick(len(due))],),
            ).fetchone()
            return job

    def _due(self, db: Db) -> list[int]:
        rows = db.execute(
            "SELECT id FROM web_hook_job WHERE state = 'queued' AND not_before <= ?"
            " ORDER BY not_before, id LIMIT ?",
            (self.clock.stamp(), 500 if self.faults.shuffle else 1),
        )
        return [row["id"] for row in rows]

    def _settle(self, job: Row, state: str) -> None:
        with self.store.transaction() as db:
            db.execute("UPDATE web_hook_job SET state = ? WHERE id = ?", (state, job["id"]))

    def _deliver(self, job: Row) -> None:
        with self.store.transaction() as db:
            hook = db.execute(
                "SELECT * FROM web_hook WHERE id = ? AND active", (job["web_hook_id"],)
            ).fetchone()
            if hook is None:
                db.execute("UPDATE web_hook_job SET state = 'lost' WHERE id = ?", (job["id"],))
                return
            event = self._event_row(db, hook, job)
        sent = self._send(event)
        if self.faults.happens(self.faults.redeliver):
            sent = self._send(event)
        with self.store.transaction() as db:
            state = "done" if sent.successful else self._failed(db, job, sent)
            db.execute("UPDATE web_hook_job SET state = ? WHERE id = ?", (state, job["id"]))
            if sent.successful and self.faults.happens(self.faults.duplicate):
                self._again(db, job, job["retry_count"], minutes=0)

    def _event_row(self, db: Db, hook: Row, job: Row) -> Row:
        body = job["body"].encode()
        cursor = db.execute(
            "INSERT INTO web_hook_event (web_hook_id, event_name, request_url, headers, payload,"
            " created_at) VALUES (?, ?, ?, '{}', ?, ?)",
            (
                hook["id"],
                job["event_name"],
                hook["payload_url"],
                job["body"],
                self.clock.stamp(),
            ),
        )
        headers = {
            "Accept": "*/*",
            "Connection": "close",
            "Content-Length": str(len(body)),
            "Content-Type": CONTENT_TYPES[hook["content_type"]],
            "Host": urlsplit(hook["payload_url"]).netloc,
            "User-Agent": USER_AGENT,
            "X-Discourse-Instance": self.instance,
            "X-Discourse-Event-Id": str(cursor.lastrowid),
            "X-Discourse-Event-Type": job["event_type"],
            "X-Discourse-Event": job["event_name"],
        }
        if hook["secret"]:
            headers["X-Discourse-Event-Signature"] = event_signature(hook["secret"], body)
        event: Row = db.execute(
            "UPDATE web_hook_event SET headers = ? WHERE id = ? RETURNING *",
            (json.dumps(headers), cursor.lastrowid),
        ).fetchone()
        return event

    def _send(self, event: Row) -> Sent:
        headers = json.loads(event["headers"])
        sent = post(event["request_url"], headers, event["payload"].encode(), self.timeout)
        with self.store.transaction() as db:
            db.execute(
                "UPDATE web_hook_event SET status = ?, response_headers = ?, response_body = ?,"
                " duration = ?, sent_count = sent_count + 1 WHERE id = ?",
                (
                    sent.status,
                    json.dumps(sent.headers),
                    sent.body,
                    sent.milliseconds,
                    event["id"],
                ),
            )
        return sent

    def _failed(self, db: Db, job: Row, sent: Sent) -> str:
        """The job's end after an answer that was no success; queues the retry if there is one."""
        tried = job["retry_count"]
        if sent.status == NOT_DELIVERED or not self.settings.get("retry_web_hook_events"):
            return "failed"
        if sent.status in GONE:
            if tried >= len(self.retry_minutes):
                db.execute("UPDATE web_hook SET active = 0 WHERE id = ?", (job["web_hook_id"],))
            return "failed"
        if tried < len(self.retry_minutes):
            self._again(db, job, tried + 1, minutes=self.retry_minutes[tried])
        return "failed"

    def _again(self, db: Db, job: Row, retry_count: int, *, minutes: float) -> None:
        db.execute(
            "INSERT INTO web_hook_job (web_hook_id, event_type, event_name, body, retry_count,"
            " not_before, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                job["web_hook_id"],
                job["event_type"],
                job["event_name"],
                job["body"],
                retry_count,
                self.clock.stamp(minutes * 60),
                self.clock.stamp(),
            ),
        )

    def redeliver(self, event_id: int) -> Sent | None:
        """Sends a stored event once more: same headers, same id. None when there is none."""
        with self.store.reading() as db:
            event = db.execute("SELECT * FROM web_hook_event WHERE id = ?", (event_id,)).fetchone()
        return None if event is None else self._send(event)
