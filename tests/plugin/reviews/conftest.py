"""A course with a teacher, learners and one review activity."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from plugin.kernel.dispatch import drain
from plugin.kernel.outbox import OutboxMessage
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.reviews import public as reviews
from plugin.reviews.public import Rating, Written
from plugin.workload.public import NotTaken
from tests.support.clock import FixedClock


@dataclass(frozen=True)
class Course:
    """Everything a test of reviews needs, built through public functions."""

    services: Services
    clock: FixedClock
    community_id: UUID
    context: people.Context
    teacher: UUID
    learners: tuple[UUID, ...]
    activity: str

    def submit(self, learner: int, text: str = "") -> reviews.Receipt:
        """Hand in a text for a learner."""
        with self.services.units.community(self.community_id) as uow:
            receipt = reviews.submit_work(
                uow,
                self.activity,
                self.learners[learner],
                reviews.text_work(text or f"The work of learner {learner}."),
            )
            uow.commit()
        return receipt

    def take(self, learner: int) -> reviews.Reserved | NotTaken:
        """Take the next work for a learner."""
        with self.services.units.community(self.community_id) as uow:
            taken = reviews.take_review(uow, self.activity, self.learners[learner])
            uow.commit()
        return taken

    def taken(self, learner: int) -> str:
        """Take the next work, which must be there."""
        reserved = self.take(learner)
        assert isinstance(reserved, reviews.Reserved)
        return reserved.assignment

    def review(self, learner: int, assignment: str, level: int = 2) -> bool:
        """Hand in a complete review; True when it was late."""
        with self.services.units.community(self.community_id) as uow:
            late = reviews.submit_review(uow, assignment, self.learners[learner], complete(level))
            uow.commit()
        return late

    def settle(self) -> None:
        """Let everything that follows happen."""
        drain(self.services)

    def happened(self, name: str) -> list[dict[str, Any]]:
        """Return the facts of every event of a name, in the order of their commits."""
        with self.services.units.system_reading() as uow:
            rows = uow.session.scalars(
                sa.select(OutboxMessage)
                .where(OutboxMessage.name == name)
                .order_by(OutboxMessage.id)
            )
            return [row.payload for row in rows]


def complete(level: int) -> Written:
    """A review with the same level in every criterion."""
    evidence = "I saw this in the second paragraph."
    return Written(
        {key: Rating(level, evidence) for key in ("purpose", "reasoning", "form")},
        comment="Thank you for letting me read this.",
    )


@pytest.fixture
def course(services: Services, clock: FixedClock, community: people.Community) -> Course:
    """Six learners, one teacher, one activity with two reviews, double anonymity, no gradebook."""
    with services.units.community(community.id) as uow:
        context = people.context_for(
            uow, issuer="https://lms.test", external_id="c1", kind="course", title="Databases"
        )

        def admit(subject: str, role: str, name: str | None) -> UUID:
            person = people.admit(
                uow, issuer="https://lms.test", subject=subject, kind="lti", display_name=name
            )
            people.enrol(uow, person.id, context.id, role, "lti")
            return person.id

        teacher = admit("t", people.TEACHER, "Tove Teacher")
        names = ("Anna Abel", "Bo Berg", "Cem Celik", "Dora Dahl", "Emil Eriksen", None)
        learners = tuple(admit(f"s{n}", people.LEARNER, name) for n, name in enumerate(names))
        activity = reviews.create_activity(
            uow,
            context_id=context.id,
            created_by=teacher,
            title="Normal forms",
            instructions="Explain the third normal form.",
        )
        uow.commit()
    return Course(services, clock, community.id, context, teacher, learners, activity)
