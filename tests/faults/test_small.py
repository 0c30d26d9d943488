"""The smallest of the faults: a worker dies in the midst of a delivery; the job store is lost."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from discourse_hooks import connections, linking
from discourse_hooks.sso import ForumAccount
from plugin.app import compose
from plugin.events.wants import BadgeWanted, MessageWanted, WantFulfilled
from plugin.kernel import migrate
from plugin.kernel.outbox import OutboxMessage
from plugin.kernel.services import Services
from plugin.notifications import public as notifications
from plugin.people import public as people
from plugin.practice.forum import proof
from plugin.practice.forum import seed as forum_seed
from tests.faults import outcome, processes
from tests.faults.place import Databases, Place, neighbours
from tests.faults.processes import wait_until
from tests.support.world import connect_forum, to_noon

CLAIMS_LAPSED = timedelta(minutes=5)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place of its own with a database as an operator would make it: workers look at that."""
    made = Place.new(tmp_path, Databases(None), to_noon())
    services = compose(made.settings).services
    migrate.upgrade(services.units.engine)
    services.units.engine.dispose()
    return made


@pytest.fixture
def running() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_a_worker_that_dies_in_a_delivery_leaves_it_to_the_next(
    place: Place, running: ExitStack
) -> None:
    """The forum grants a badge and sends a message, but both times the caller is dead before it
    hears of that. The second and the third worker look before they act."""
    near = running.enter_context(neighbours(place))
    composition = compose(place.settings)
    services = composition.services
    running.callback(services.units.engine.dispose)
    with services.units.system() as uow:
        community = people.found_community(uow, "Northern Lights")
        uow.commit()
    known = connections.by_handle(services, connect_forum(near.forum, place.settings))
    assert known is not None
    number = forum_seed.add_user(near.forum, "ada", "Ada", "ada@forum.example")
    near.forum.faults.add("hang", method="POST", path="/user_badges*", when="after")
    near.forum.faults.add("hang", method="POST", path="/posts*", when="after")
    with services.units.community(community.id) as uow:
        ada = linking.sign_in(uow, known, ForumAccount("", str(number), "ada", "Ada"))
        uow.record(
            BadgeWanted(key="badge:ada", person_id=ada, badge_name="SQL joins", description="")
        )
        uow.record(
            MessageWanted(
                key="message:ada",
                person_id=ada,
                channel="forum",
                message="",
                subject="A review waits for you",
                body="Somebody asks for your view.",
                url="/reviews",
            )
        )
        uow.commit()

    workers = []
    for turn in range(3):  # each a little later than the one before, whose claims have lapsed
        at = place.later(turn * CLAIMS_LAPSED).settings
        one = processes.worker(at, place.folder, f"worker{turn}", LANTERN_WORKER_THREADS="1")
        running.callback(one.kill)
        workers.append(one)
    workers[0].start()
    wait_until(lambda: bool(proof.grants(near.forum)), "no badge is granted")
    workers[1].start()
    wait_until(lambda: workers[1].said("worker started"), "the second worker does not start")
    workers[0].kill()
    wait_until(lambda: bool(proof.messages(near.forum)), "no message is sent")
    workers[2].start()
    wait_until(lambda: workers[2].said("worker started"), "the third worker does not start")
    workers[1].kill()
    wait_until(lambda: _nothing_left(services), "something is left")

    assert [(one.username, one.times) for one in proof.grants(near.forum)] == [("ada", 1)]
    assert len(proof.messages(near.forum)) == 1
    with services.units.system_reading() as uow:
        named = sa.select(OutboxMessage.id).where(OutboxMessage.name == WantFulfilled.event_name)
        assert len(uow.session.scalars(named).all()) == 2


def test_losing_the_job_store_loses_nothing(place: Place, running: ExitStack) -> None:
    """The job store only wakes; what is to be done stands in the database."""
    composition = compose(place.settings)
    services = composition.services
    running.callback(services.units.engine.dispose)
    with services.units.system() as uow:
        community = people.found_community(uow, "Northern Lights")
        uow.commit()
    with services.units.community(community.id) as uow:
        ada = people.admit_by_email(uow, "ada@example.org", display_name="Ada").id
        uow.commit()
    _tell(services, community.id, ada, "before any worker")
    _lose_jobs(place)
    worker = processes.worker(place.settings, place.folder)
    running.callback(worker.kill)
    worker.start()
    mails = place.settings.data_folder / "mail"
    wait_until(lambda: len(list(mails.glob("*.eml"))) == 1, "no mail before any worker")
    _lose_jobs(place)
    _tell(services, community.id, ada, "under a running worker")
    wait_until(lambda: len(list(mails.glob("*.eml"))) == 2, "no mail under a running worker")
    wait_until(lambda: _nothing_left(services), "something is left")
    assert len(list(mails.glob("*.eml"))) == 2


def _tell(services: Services, community_id: UUID, person_id: UUID, key: str) -> None:
    with services.units.community(community_id) as uow:
        assert notifications.notify(
            uow,
            person_id,
            kind="review_todo",
            message="reviews.todo",
            params={"activity": "Week 3", "minutes": 20},
            url="/x",
            key=key,
            waits=True,
        )
        uow.commit()


def _lose_jobs(place: Place) -> None:
    for path in place.settings.data_folder.glob("jobs.db*"):
        path.unlink()


def _nothing_left(services: Services) -> bool:
    return not any(outcome.unfinished(services.units.engine).values())
