"""One view at the addresses of every platform that can be played."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint

from plugin.practice.lms.profiles import PROFILES, Paths

View = TypeVar("View", bound=Callable[..., Any])


def on_paths(
    blueprint: Blueprint, rule: Callable[[Paths], str], *methods: str
) -> Callable[[View], View]:
    """Add the view at the rule that each profile has for it."""

    def add(view: View) -> View:
        for profile in PROFILES.values():
            blueprint.add_url_rule(rule(profile.paths), view_func=view, methods=list(methods))
        return view

    return add
