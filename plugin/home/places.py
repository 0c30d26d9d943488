"""The parts of a course or forum that are there: found by their addresses, not by their packages.

Home stands below the features and imports none of them; a feature whose overview answers at
``/c/<context>/<part>/`` has a place here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from plugin.kernel.i18n import _


@dataclass(frozen=True)
class Place:
    """One part of a context: its name, a sentence about it, its address."""

    label: str
    about: str
    url: str


def places(rules: Iterable[str], context: str, *, members_write: bool = False) -> tuple[Place, ...]:
    """Return the places of a context, given the addresses that the application answers.

    ``members_write``: it is a place where people write to each other, so somebody can be new there.
    """
    answered = set(rules)
    known = (
        (
            "mentoring",
            _("Mentoring"),
            _("Learn with somebody who has been there, or pass on what you know."),
        ),
        ("help", _("Help"), _("Ask about one situation and get an answer from a person.")),
        ("welcome", _("Newcomers"), _("First steps for who is new, and somebody to ask.")),
        ("reviews", _("Reviews"), _("Review each other's work with a rubric, and learn twice.")),
    )
    return tuple(
        Place(label, about, f"/c/{context}/{part}/")
        for part, label, about in known
        if f"/c/<context>/{part}/" in answered and (members_write or part != "welcome")
    )


def staff_places(rules: Iterable[str]) -> tuple[Place, ...]:
    """Return the pages for coordinators that belong to no course."""
    answered = set(rules)
    known = (
        (
            "/mentoring/",
            _("Programmes"),
            _("All mentoring programmes that you look after, and starting a new one."),
        ),
        (
            "/admin/achievements",
            _("Achievements"),
            _("What can be earned here, and who has earned it."),
        ),
    )
    return tuple(Place(label, about, url) for url, label, about in known if url in answered)
