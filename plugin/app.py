"""The composition root: what a process is made of, and the web application.

Features are found by the names of their files (subscribers, jobs, views, cards, public, doctor,
commands), extensions by their entry points; nothing registers itself on import.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from flask import Flask

from plugin import web
from plugin.extension import Extension, installed
from plugin.kernel import doctor
from plugin.kernel.dispatch import Dispatcher
from plugin.kernel.jobs import Jobs
from plugin.kernel.ports import Clock, Mailer
from plugin.kernel.registry import PersonRegistry
from plugin.kernel.services import Services, build_services
from plugin.settings import Settings

# From the top floor down: erasing and merging go in this order too.
FEATURES = (
    "administration",
    "insights",
    "mentoring",
    "newcomers",
    "helpdesk",
    "reviews",
    "credentials",
    "home",
    "safety",
    "notifications",
    "web",
    "library",
    "workload",
    "expertise",
    "people",
)


@dataclass(frozen=True)
class Composition:
    """Everything a process needs, whichever it is: web, worker or command."""

    settings: Settings
    services: Services
    extensions: tuple[Extension, ...]
    people: PersonRegistry
    checks: tuple[doctor.Check, ...]


def parts(file_name: str) -> Iterable[ModuleType]:
    """Yield that module of every feature which has one."""
    for feature in FEATURES:
        name = f"plugin.{feature}.{file_name}"
        if find_spec(f"plugin.{feature}") and find_spec(name):
            yield import_module(name)


def _all(file_name: str, attribute: str) -> tuple[Any, ...]:
    return tuple(item for part in parts(file_name) for item in getattr(part, attribute, ()))


def compose(
    settings: Settings,
    *,
    extensions: tuple[Extension, ...] | None = None,
    clock: Clock | None = None,
    mailer: Mailer | None = None,
    jobs: Jobs | None = None,
) -> Composition:
    """Put features and extensions together; tests pass their own clock or mailer."""
    chosen = installed(settings.extensions) if extensions is None else extensions
    dispatcher = Dispatcher(
        subscriptions=(
            *_all("subscribers", "SUBSCRIPTIONS"),
            *_all("jobs", "SUBSCRIPTIONS"),
            *(item for extension in chosen for item in extension.subscriptions),
        ),
        schedules=(
            *_all("jobs", "SCHEDULES"),
            *(item for extension in chosen for item in extension.schedules),
        ),
        pumps=(
            *_all("jobs", "PUMPS"),
            *(item for extension in chosen for item in extension.pumps),
        ),
    )
    services = build_services(settings, dispatcher, clock=clock, mailer=mailer, jobs=jobs)
    people = PersonRegistry.of(
        [
            *(item for extension in chosen for item in extension.person_data),
            *(part.PERSON_DATA for part in parts("public") if hasattr(part, "PERSON_DATA")),
        ]
    )
    checks = (
        *doctor.CHECKS,
        *_all("doctor", "CHECKS"),
        *(item for extension in chosen for item in extension.checks),
    )
    services.extra.update(people=people, actions=_all("subscribers", "ACTIONS"))
    return Composition(settings, services, chosen, people, checks)


def create_app(
    settings: Settings, *, composition: Composition | None = None, **overrides: Any
) -> Flask:
    """Return the web application."""
    composed = composition or compose(settings, **overrides)
    services = composed.services
    services.extra.update(
        extensions=composed.extensions,
        cards=(
            *_all("cards", "CARDS"),
            *(card for extension in composed.extensions for card in extension.cards),
        ),
    )
    app = Flask("plugin", static_folder=None, template_folder=None)
    app.extensions["lantern"] = composed
    web.install(app, services, composed.extensions)
    for part in parts("views"):
        for blueprint in getattr(part, "blueprints", None) or [part.blueprint]:
            app.register_blueprint(blueprint)
    for extension in composed.extensions:
        for blueprint in extension.blueprints:
            app.register_blueprint(blueprint)
    return app
