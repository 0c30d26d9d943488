"""The platforms that the LMS can play: one module each, behind what the specifications say.

Code of the LMS asks the profile of its store and never a profile's name.
"""

from __future__ import annotations

from plugin.practice.lms.profiles.canvas import CANVAS
from plugin.practice.lms.profiles.moodle import MOODLE
from plugin.practice.lms.profiles.profile import Paths, Profile

PROFILES: dict[str, Profile] = {MOODLE.name: MOODLE, CANVAS.name: CANVAS}

__all__ = ["CANVAS", "MOODLE", "PROFILES", "Paths", "Profile"]
