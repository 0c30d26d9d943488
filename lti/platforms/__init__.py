"""What only one product does. Everything else asks ``platform(family)`` and never a name."""

from lti.platforms.canvas import Canvas
from lti.platforms.default import Default, Offer, Try
from lti.platforms.moodle import Moodle

__all__ = ["FAMILIES", "Default", "Offer", "Try", "platform"]

# what an administrator can choose, in this order
FAMILIES: dict[str, Default] = {"moodle": Moodle(), "canvas": Canvas(), "other": Default()}


def platform(family: str | None) -> Default:
    """The behaviour of a product family; an unknown one behaves as the standards say."""
    return FAMILIES.get(family or "other", FAMILIES["other"])
