"""A community in which evidence arrives by events, as it does in life."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from plugin.app import Composition, compose
from plugin.credentials import queries
from plugin.credentials.queries import CredentialView
from plugin.credentials.subscribers import SUBSCRIPTIONS
from plugin.events.expertise import ContributionRecorded
from plugin.events.reviews import WorkReviewed
from plugin.kernel.dispatch import Dispatcher, drain
from plugin.kernel.ids import new_id
from plugin.kernel.messages import Event
from plugin.kernel.services import Services, build_services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.settings import Settings
from tests.support.clock import FixedClock


@dataclass(frozen=True)
class Place:
    """A community, its people and what happens there."""

    services: Services
    community_id: UUID

    def happen(self, *events: Event) -> None:
        """Record events and carry out everything that follows from them."""
        with self.services.units.community(self.community_id) as uow:
            for event in events:
                uow.record(event)
            uow.commit()
        drain(self.services)

    def do(self, act: Callable[[UnitOfWork], Any]) -> Any:
        with self.services.units.community(self.community_id) as uow:
            result = act(uow)
            uow.commit()
        drain(self.services)
        return result

    def read(self, select: Callable[[UnitOfWork], Any]) -> Any:
        with self.services.units.reading(self.community_id) as uow:
            return select(uow)

    def person(self, name: str) -> UUID:
        admitted = self.do(
            lambda uow: people.admit(
                uow, issuer="https://lms.example", subject=name, kind="lti", display_name=name
            )
        )
        identity: UUID = admitted.id
        return identity

    def account(self, name: str) -> UUID:
        """A forum account that nobody is linked to."""
        known = self.do(
            lambda uow: people.identity_for(
                uow,
                issuer="https://forum.example",
                subject=name,
                kind="discourse",
                username=name,
            )
        )
        identity: UUID = known.id
        return identity

    def earned(self, person_id: UUID) -> list[CredentialView]:
        found: list[CredentialView] = self.read(lambda uow: queries.credentials_of(uow, person_id))
        return found

    def reviewed(self, person_id: UUID, **changes: Any) -> WorkReviewed:
        facts: dict[str, Any] = {
            "submission_id": new_id(),
            "activity_id": new_id(),
            "context_id": new_id(),
            "person_id": person_id,
            "artifact_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "rubric": "clear-work",
            "score": 9.0,
            "maximum": 12.0,
            "reviews": 2,
            "levels": {"purpose": 2, "reasoning": 3, "form": 2},
            "reviewer_ids": (new_id(), new_id()),
            "reviewed_at": self.services.clock.now(),
        }
        return WorkReviewed(**facts | changes)

    def answered(
        self, identity_id: UUID, person_id: UUID | None = None, number: int = 1
    ) -> ContributionRecorded:
        return ContributionRecorded(
            contribution_id=new_id(),
            identity_id=identity_id,
            person_id=person_id,
            kind="accepted_answer",
            source_url=f"https://forum.example/t/how/7/{number}",
            at=self.services.clock.now(),
        )


@pytest.fixture
def composition(settings: Settings, clock: FixedClock) -> Iterator[Composition]:
    """Only credentials listens: the events told here are about rows that others never had."""
    whole = compose(settings, clock=clock)
    whole.services.units.engine.dispose()
    services = build_services(settings, Dispatcher(subscriptions=SUBSCRIPTIONS), clock=clock)
    services.extra.update(whole.services.extra)
    yield replace(whole, services=services)
    services.units.engine.dispose()


@pytest.fixture
def place(services: Services, community: people.Community) -> Place:
    return Place(services, community.id)
