"""Many at once, on SQLite and on PostgreSQL: nobody is overbooked, nothing is lost or doubled."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from plugin.app import compose
from plugin.kernel.dispatch import drain
from plugin.kernel.errors import Conflict
from plugin.mentoring.models import Pair, PairState, Side
from plugin.mentoring.services.answer import accept, decline
from plugin.mentoring.services.publish import flip, request_publish, reserve_chunk
from plugin.people import public as people
from plugin.settings import Settings
from plugin.workload import public as workload
from tests.plugin.mentoring.village import Village, found
from tests.support.clock import FixedClock


def village_on(database_url: str, folder: Path) -> Village:
    settings = Settings(
        database_url=database_url,
        data_folder=folder,
        base_url="http://localhost",
        practice=True,
        allow_loopback=True,
    )
    services = compose(settings, clock=FixedClock()).services
    with services.units.system() as uow:
        community = people.found_community(uow, "Northern Lights", time_zone="Europe/Berlin")
        uow.commit()
    return found(services, community)


def test_fifty_answers_at_once(database_url: str, tmp_path: Path) -> None:
    """Mentor and mentee answer at the same moment: each pair has one outcome, the ledger agrees."""
    village = village_on(database_url, tmp_path)
    village.join("Mara", Side.OFFER, minutes_per_week=750)
    for number in range(25):
        village.join(f"L{number:02d}", Side.LEARN)
    village.match()
    with village.services.units.community(village.community.id) as uow:
        request_publish(uow, village.teacher, village.programme, village.latest().id)
        uow.commit()
    drain(village.services)
    with village.services.units.reading(village.community.id) as uow:
        pairs = [(row.id, row.mentee_id) for row in uow.session.scalars(sa.select(Pair))]
    assert len(pairs) == 25
    mara = village.id("Mara")

    def answer(what: tuple[bool, UUID, UUID]) -> bool:
        yes, pair_id, mentee_id = what
        with village.services.units.community(village.community.id) as uow:
            try:
                if yes:
                    accept(uow, pair_id, mara)
                else:
                    decline(uow, pair_id, mentee_id)
            except Conflict:
                return False
            uow.commit()
        return True

    moves = [(yes, *pair) for pair in pairs for yes in (True, False)]
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(answer, moves))
    assert sum(done) == 25
    with village.services.units.reading(village.community.id) as uow:
        states = [row.state for row in uow.session.scalars(sa.select(Pair))]
        running = states.count(PairState.ACTIVE)
        assert running + states.count(PairState.DECLINED) == 25
        assert workload.capacity(uow, mara).standing == 30 * running
    village.services.units.engine.dispose()


def test_two_workers_publish_the_same_matching(database_url: str, tmp_path: Path) -> None:
    village = village_on(database_url, tmp_path)
    village.join("Mara", Side.OFFER, minutes_per_week=300)
    for number in range(10):
        village.join(f"L{number}", Side.LEARN)
    draft = village.match()
    with village.services.units.community(village.community.id) as uow:
        request_publish(uow, village.teacher, village.programme, draft.id)
        uow.commit()

    def publish(_worker: int) -> None:
        units = village.services.units
        going = True
        while going:
            with units.community(village.community.id) as uow:
                going = reserve_chunk(uow, draft.id, limit=2)
                uow.commit()
        with units.community(village.community.id) as uow:
            flip(uow, draft.id)
            uow.commit()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(publish, range(2)))
    drain(village.services)
    with village.services.units.reading(village.community.id) as uow:
        states = [row.state for row in uow.session.scalars(sa.select(Pair))]
        assert states == [PairState.INTRODUCED] * 10
        assert workload.capacity(uow, village.id("Mara")).standing == 300
    village.services.units.engine.dispose()
