"""One running platform: its store, its address and the URLs that it hands out."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from plugin.practice.lms.clock import OffsetClock
from plugin.practice.lms.profiles import PROFILES, Profile
from plugin.practice.lms.records import LineItem, Tool
from plugin.practice.lms.store import Store

NAME = "Practice LMS"


@dataclass(frozen=True)
class Platform:
    """`stopping` ends a simulated hang when the server stops."""

    store: Store
    base_url: str
    hang_seconds: float = 30.0
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def clock(self) -> OffsetClock:
        return self.store.clock

    @property
    def profile(self) -> Profile:
        return PROFILES[self.store.setting("profile")]

    @property
    def issuer(self) -> str:
        """Moodle: its address without the final slash."""
        return self.base_url

    @property
    def authorization_url(self) -> str:
        return self.base_url + self.profile.paths.authorization

    @property
    def token_url(self) -> str:
        return self.base_url + self.profile.paths.token

    @property
    def key_set_url(self) -> str:
        return self.base_url + self.profile.paths.key_set

    def return_url(self, course_id: int, activity_id: int | None) -> str:
        path = self.profile.paths.returned
        return f"{self.base_url}{path}?course={course_id}&instanceid={activity_id}"

    def selection_url(self, course_id: int, tool: Tool, key: str) -> str:
        path = self.profile.paths.selection
        return f"{self.base_url}{path}?course={course_id}&id={tool.id}&sesskey={key}"

    def memberships_url(self, course_id: int, tool: Tool) -> str:
        paths = self.profile.paths
        return self.base_url + paths.build(paths.memberships, course_id=course_id, tool_id=tool.id)

    def line_items_url(self, course_id: int, tool: Tool) -> str:
        paths = self.profile.paths
        path = paths.build(paths.line_items, course_id=course_id)
        return f"{self.base_url}{path}{self._query(tool.id)}"

    def line_item_url(self, item: LineItem, tail: str = "") -> str:
        paths = self.profile.paths
        path = paths.build(paths.line_item, course_id=item.course_id, item_id=item.id)
        return f"{self.base_url}{path}{tail}{self._query(item.tool_id)}"

    def _query(self, tool_id: int) -> str:
        name = self.profile.paths.tool_query
        return f"?{name}={tool_id}" if name else ""
