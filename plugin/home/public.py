"""What features use of home: the line that a card adds, the pages of coordinators."""

from plugin.home.next_actions import NextAction
from plugin.home.places import staff_places

__all__ = ["NextAction", "staff_places"]
