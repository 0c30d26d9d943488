"""Refusals of mentoring that a person can cause, each with its code and a plain sentence."""

from plugin.kernel.errors import Conflict, Invalid, NotFound
from plugin.kernel.i18n import _


def not_here() -> NotFound:
    """The same answer for "does not exist" and "not for you"."""
    return NotFound("mentoring.not_here", _("This page is not here, or not for you."))


def no_safety_contact() -> Invalid:
    return Invalid(
        "mentoring.no_safety_contact",
        _("Name a safety contact first: people must know whom to turn to."),
    )


def changed_meanwhile() -> Conflict:
    return Conflict(
        "mentoring.changed", _("This has changed meanwhile. Look again and decide anew.")
    )
