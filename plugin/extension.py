"""What an adapter or a third party may bring, found by entry points (``lantern.extensions``).

The product imports no adapter: it loads these objects at start (setting LANTERN_EXTENSIONS limits
which). Everything is optional; an empty field brings nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any

import click
from flask import Blueprint

from plugin.kernel.dispatch import Pump, Schedule, Subscription
from plugin.kernel.doctor import Check
from plugin.kernel.registry import PersonData
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger

log = get_logger(__name__)
GROUP = "lantern.extensions"


@dataclass(frozen=True)
class AdministrationPage:
    """A page an extension adds to administration: a title, its path, and a line of health."""

    title: Any  # a lazy text
    path: str
    health: Callable[[Any, Services], str] | None = None


@dataclass(frozen=True)
class KeptData:
    """One kind of data that comes in through an extension, for the privacy page (lazy texts)."""

    what: Any
    why: Any
    how_long: Any


@dataclass(frozen=True)
class SignInMethod:
    """A way to sign in that an extension offers: ``links(services)`` gives (label, path) pairs."""

    name: str
    links: Callable[[Services], Iterable[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class Extension:
    """One adapter's offer. ``name`` is what LANTERN_EXTENSIONS lists."""

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    pumps: tuple[Pump, ...] = ()
    cards: tuple[Callable[..., Any], ...] = ()
    commands: tuple[click.Command, ...] = ()
    checks: tuple[Check, ...] = ()
    person_data: tuple[PersonData, ...] = ()
    administration: tuple[AdministrationPage, ...] = ()
    sign_in: tuple[SignInMethod, ...] = ()
    keeps: tuple[KeptData, ...] = ()
    frame_ancestors: Callable[[Services], Iterable[str]] | None = None
    csrf_exempt: tuple[str, ...] = field(default=())  # endpoints that prove themselves otherwise


def installed(names: tuple[str, ...] = ()) -> tuple[Extension, ...]:
    """Load the extensions that are installed, or only those named; an unknown name is an error."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    unknown = set(names) - set(found)
    if unknown:
        raise LookupError(f"LANTERN_EXTENSIONS names {', '.join(sorted(unknown))}: not installed")
    chosen = names or tuple(sorted(found))
    return tuple(found[name].load() for name in chosen)
