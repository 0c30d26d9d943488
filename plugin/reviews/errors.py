"""Why peer review says no. Messages are for people, so they are written where they are raised."""

from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _


def no_activity() -> NotFound:
    """The activity does not exist, or not in this course or forum."""
    return NotFound("reviews.no_activity", _("This review activity is not here."))


def no_work() -> NotFound:
    """The work does not exist, or not for this person."""
    return NotFound("reviews.no_work", _("This work is not here."))


def no_review() -> NotFound:
    """The review does not exist, or not for this person."""
    return NotFound("reviews.no_review", _("This review is not here."))
