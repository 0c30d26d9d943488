"""What one running forum consists of. Domain functions take it first."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from plugin.practice.forum.clock import Clock
from plugin.practice.forum.delivery import Sender
from plugin.practice.forum.faults import Faults, WebhookFaults
from plugin.practice.forum.limits import Bucket
from plugin.practice.forum.store import Settings, Store

EXTENSION = "practice_forum"


@dataclass
class Forum:
    """Store, clock, settings, faults, limit and the webhook sender of one forum."""

    store: Store
    base_url: str
    clock: Clock
    settings: Settings
    faults: Faults
    webhook_faults: WebhookFaults
    bucket: Bucket
    sender: Sender
    # Set by whoever serves the forum; the fault "restart" and the page's button call it.
    restart: Callable[[float], None] | None = None
    # One identical POST at a time, as the distributed lock of the real memo does.
    posting: threading.Lock = field(default_factory=threading.Lock)

    def session_secret(self) -> str:
        with self.store.transaction():
            known = str(self.settings.get("session_secret"))
            if not known:
                known = secrets.token_urlsafe(32)
                self.settings.set("session_secret", known)
        return known


def current() -> Forum:
    return cast(Forum, current_app.extensions[EXTENSION])
