"""Several workers on one inbox, on SQLite and on PostgreSQL: each delivery once."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from discourse_hooks import inbox, processing, signature, touched
from discourse_hooks.connections import Forum
from discourse_hooks.extension import extension
from discourse_hooks.inbox import Arrival
from discourse_hooks.models import InboxMessage, InboxState, Touched
from plugin.app import compose
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.settings import Settings
from tests.discourse_hooks.conftest import SECRET, connect

DELIVERIES, TOPICS, WORKERS = 40, 5, 4


@pytest.fixture
def both(database_url: str, tmp_path: Path) -> tuple[Services, Forum]:
    settings = Settings(data_folder=tmp_path, database_url=database_url, practice=True)
    services = compose(settings, extensions=(extension,)).services
    with services.units.system() as uow:
        community = people.found_community(uow, "Northern Lights")
        uow.commit()
    return services, connect(services, community, "https://forum.example.org")


def _arrival(number: int) -> Arrival:
    post = {
        "id": number,
        "topic_id": number % TOPICS,
        "post_number": 2,
        "post_type": 1,
        "user_id": 3,
        "topic_archetype": "regular",
    }
    body = json.dumps({"solved": post}).encode()
    sent = signature.signature(SECRET, body)
    return Arrival(body, sent, str(number), "solved", "accepted_solution")


def test_deliveries_and_workers_side_by_side(both: tuple[Services, Forum]) -> None:
    services, forum = both

    def deliver(number: int) -> str:
        return inbox.receive(services.units, forum, _arrival(number % DELIVERIES)).value

    with ThreadPoolExecutor(WORKERS) as pool:
        outcomes = list(pool.map(deliver, range(DELIVERIES * 2)))
        while any(pool.map(lambda _: processing.process_inbox(services), range(WORKERS))):
            pass
    assert outcomes.count("stored") == DELIVERIES
    with services.units.system_reading() as uow:
        states = uow.session.scalars(sa.select(InboxMessage.state)).all()
        asked = uow.session.scalars(sa.select(Touched.asked)).all()
    assert states == [InboxState.DONE] * DELIVERIES
    assert len(asked) == TOPICS
    assert sum(asked) == DELIVERIES
    services.units.engine.dispose()


def test_a_mark_is_claimed_by_one_worker(both: tuple[Services, Forum]) -> None:
    services, forum = both
    with services.units.system() as uow:
        touched.mark(uow, forum.id, [touched.Touch("topic", str(n)) for n in range(20)])
        uow.commit()

    def claim(_worker: int) -> list[str]:
        with services.units.system() as uow:
            found = touched.claim(uow, limit=3)
            uow.commit()
        return [one.touch.remote_id for one in found]

    with ThreadPoolExecutor(WORKERS) as pool:
        claimed = [name for names in pool.map(claim, range(10)) for name in names]
    assert sorted(claimed) == sorted({*claimed})
    assert len(claimed) == 20
    services.units.engine.dispose()
