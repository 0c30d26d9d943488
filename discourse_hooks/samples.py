"""What Lantern would post in a forum, with made-up names: looked at before it is switched on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plugin.kernel.i18n import _, current_locale
from plugin.library import public as library


@dataclass(frozen=True)
class Sample:
    """One message as its reader would see it."""

    subject: str
    body: str
    button: str
    why: str


def samples() -> list[Sample]:
    """Some messages in the reader's language; none of the people exist."""
    made_up: dict[str, dict[str, Any]] = {
        "mentoring.introduced_mentor": {
            "programme": _("First steps with SQL"),
            "name": "Mira Kovač",
            "reasons": _("both on Tuesday evenings, both speak English"),
            "minutes": 30,
        },
        "mentoring.introduced_mentee": {
            "programme": _("First steps with SQL"),
            "name": "Tom Bauer",
            "reasons": _("both on Tuesday evenings, both speak English"),
            "minutes": 30,
        },
    }
    made_up["reviews.due"] = {"activity": _("Exercise 3"), "when": _("tomorrow at 18:00")}
    found = []
    for message, params in made_up.items():
        text = library.message(message, current_locale(), params)
        found.append(Sample(text.subject, text.body, text.button, text.why))
    return found
