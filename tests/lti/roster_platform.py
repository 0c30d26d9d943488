"""A platform that pages a roster as a test wants it, and what Lantern made of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import responses
import sqlalchemy as sa

from lti.events import RosterWanted
from lti.models import ContextLink
from lti.registrations import DeploymentView
from lti.service_models import RosterRead
from plugin.events.people import MemberLeft
from plugin.kernel.jobs import sweep
from plugin.kernel.outbox import OutboxMessage
from plugin.kernel.services import Services
from plugin.people import public as people
from tests.support.clock import FixedClock

LMS = "https://lms.example.edu"
URL = f"{LMS}/members"


def member(subject: str, role: str = "Learner", **more: Any) -> dict[str, Any]:
    return {"user_id": subject, "roles": [role], **more}


@dataclass
class RosterPlatform:
    """Gives ``pages`` one after another; ``answer`` may give something else for a page."""

    services: Services
    clock: FixedClock
    community: people.Community
    deployment: DeploymentView
    context_id: UUID
    link_id: UUID
    pages: list[list[dict[str, Any]]] = field(default_factory=list)
    answer: Callable[[int], tuple[int, dict[str, str], str] | None] = lambda _page: None
    asked: list[str] = field(default_factory=list)

    def give(self, request: Any) -> tuple[int, dict[str, str], str]:
        self.asked.append(request.url)
        number = int(parse_qs(urlsplit(request.url).query).get("page", ["0"])[0])
        other = self.answer(number)
        if other is not None:
            return other
        more = number + 1 < len(self.pages)
        headers = {"Link": f'<{URL}?page={number + 1}>; rel="next"'} if more else {}
        return 200, headers, json.dumps({"members": self.pages[number]})

    def want(self) -> None:
        with self.services.units.community(self.community.id) as uow:
            uow.record(RosterWanted(context_link_id=self.link_id))
            uow.commit()

    def read(self, **span: float) -> RosterRead:
        """Ask for the roster and let a worker do what is due; the latest reading."""
        self.want()
        return self.go_on(**span)

    def go_on(self, **span: float) -> RosterRead:
        self.clock.advance(**span)
        sweep(self.services)
        return self.latest()

    def latest(self) -> RosterRead:
        with self.services.units.reading(self.community.id) as uow:
            return uow.session.scalars(
                sa.select(RosterRead).order_by(RosterRead.id.desc()).limit(1)
            ).one()

    def roles(self) -> dict[str, str]:
        """Role by subject of everybody who stands on the course's list."""
        with self.services.units.reading(self.community.id) as uow:
            members = people.members(uow, self.context_id)
            found = people.identities_by_person(uow, [m.person.id for m in members], "lti")
            return {found[m.person.id].subject: m.role for m in members}

    def left(self) -> int:
        with self.services.units.system_reading() as uow:
            query = sa.select(sa.func.count()).where(OutboxMessage.name == MemberLeft.event_name)
            return uow.session.scalar(query) or 0

    def link(self) -> ContextLink:
        with self.services.units.reading(self.community.id) as uow:
            return uow.session.get_one(ContextLink, self.link_id)


def give_token(web: responses.RequestsMock) -> None:
    web.post(f"{LMS}/token", json={"access_token": "token", "expires_in": 3600})
