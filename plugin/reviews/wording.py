"""Words for the states of reviews, in one place for pages and tests."""

from plugin.kernel.i18n import _
from plugin.workload.public import LeaseState

Words = dict[str, tuple[str, str]]


def states() -> Words:
    """Return words and kind of sign for what became of a reservation."""
    return {
        LeaseState.HELD.value: (_("writing"), "waiting"),
        LeaseState.EXPIRED.value: (_("time ran out"), "warn"),
        LeaseState.RETURNED.value: (_("handed back"), "quiet"),
        LeaseState.FINISHED.value: (_("sent"), "good"),
    }


def problems() -> Words:
    """Return words and kind of sign for what a teacher should look at."""
    return {
        "overdue": (_("Reviews are overdue"), "bad"),
        "none": (_("No review yet"), "bad"),
        "disagreement": (_("Reviews disagree"), "warn"),
        "owes": (_("Author owes reviews"), "warn"),
    }
