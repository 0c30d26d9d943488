"""Faults that can be switched on: for calls to the forum, and for the webhooks it sends.

Every fault is counted and can be limited to the first n matching calls. `when="after"` lets the
call take effect and then spoils the answer: the case in which a careless client sends twice.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from random import Random
from typing import Any

KINDS = (
    "429-json",
    "429-html",
    "429-text",
    "422",
    "5xx",
    "hang",
    "drop",
    "enqueued",
    "restart",
)


@dataclass(frozen=True)
class Fault:
    """One rule. `path` is a shell pattern such as `/user_badges*`; `times` None means always."""

    kind: str
    method: str = "*"
    path: str = "*"
    when: str = "before"
    times: int | None = 1
    skip: int = 0
    probability: float = 1.0
    status: int = 502
    seconds: float = 30.0
    id: int = 0
    hits: int = 0

    def matches(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and fnmatchcase(path, self.path)


class Faults:
    """The rules in force, first match wins."""

    def __init__(self, seed: int = 0) -> None:
        self._rules: list[Fault] = []
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._random = Random(seed)  # noqa: S311 - repeatable accidents
        self.released = threading.Event()

    def add(self, kind: str, **options: Any) -> Fault:
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind!r}; one of {', '.join(KINDS)}")
        rule = Fault(kind=kind, **options)
        if rule.when not in ("before", "after"):
            raise ValueError("when is before or after")
        with self._lock:
            rule = replace(rule, id=next(self._ids))
            self._rules.append(rule)
            self.released.clear()
        return rule

    def remove(self, rule_id: int) -> None:
        with self._lock:
            self._rules = [rule for rule in self._rules if rule.id != rule_id]

    def clear(self) -> None:
        """Forgets all rules and lets hanging calls go on."""
        with self._lock:
            self._rules.clear()
            self.released.set()

    def rules(self) -> list[Fault]:
        with self._lock:
            return list(self._rules)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this call, counted; None when it may pass untouched."""
        with self._lock:
            for place, rule in enumerate(self._rules):
                if not rule.matches(method, path):
                    continue
                if rule.skip > 0:
                    self._rules[place] = replace(rule, skip=rule.skip - 1)
                    continue
                if rule.times is not None and rule.hits >= rule.times:
                    continue
                if self._random.random() >= rule.probability:
                    continue
                self._rules[place] = replace(rule, hits=rule.hits + 1)
                return self._rules[place]
        return None

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self.rules()]


class WebhookFaults:
    """What may go wrong on the way out; every decision comes from one seeded generator."""

    def __init__(self, seed: int = 0) -> None:
        self.configure(seed=seed)

    def configure(
        self,
        *,
        seed: int = 0,
        shuffle: bool = False,
        duplicate: float = 0.0,
        redeliver: float = 0.0,
        lose: float = 0.0,
        spread_seconds: float = 0.0,
        paused: bool = False,
    ) -> None:
        """duplicate: same body, new id (as a retry). redeliver: same id. lose: never sent."""
        self.seed, self.shuffle, self.paused = seed, shuffle, paused
        self.duplicate, self.redeliver, self.lose = duplicate, redeliver, lose
        self.spread_seconds = spread_seconds
        self._random = Random(seed)  # noqa: S311 - repeatable accidents
        self._lock = threading.Lock()

    def pick(self, count: int) -> int:
        with self._lock:
            return self._random.randrange(count) if self.shuffle else 0

    def happens(self, probability: float) -> bool:
        if probability <= 0:
            return False
        with self._lock:
            return self._random.random() < probability

    def delay(self) -> float:
        if self.spread_seconds <= 0:
            return 0.0
        with self._lock:
            return self._random.uniform(0, self.spread_seconds)
