"""What extensions bring to the web, seen from this floor: their ways in and who may frame us.

The objects are those of ``plugin.extension``, which stands above; only these fields are read here.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, cast

from flask import current_app

from plugin.kernel.services import Services


class BringsLinks(Protocol):
    """A way to sign in that an extension offers."""

    @property
    def links(self) -> Callable[[Services], Iterable[tuple[str, str]]]: ...


class Brings(Protocol):
    """The part of an extension that the web reads."""

    @property
    def sign_in(self) -> tuple[BringsLinks, ...]: ...
    @property
    def frame_ancestors(self) -> Callable[[Services], Iterable[str]] | None: ...
    @property
    def csrf_exempt(self) -> tuple[str, ...]: ...


def brought() -> tuple[Brings, ...]:
    """Return the extensions of this application."""
    return cast("tuple[Brings, ...]", current_app.extensions.get("lantern.brought", ()))


def keep(extensions: dict[str, Any], brings: Iterable[Brings]) -> None:
    """Remember them with the application."""
    extensions["lantern.brought"] = tuple(brings)
