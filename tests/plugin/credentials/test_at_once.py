"""Two workers at once, on both databases; and what the operator is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from plugin.credentials.doctor import check_issuers
from plugin.credentials.jobs import renew_status_lists
from plugin.credentials.models import Award, Issuer, IssuerKey, StatusList
from plugin.credentials.services import awarding, evidence
from plugin.credentials.services.achievements import ensure_standard
from plugin.credentials.subscribers import SUBSCRIPTIONS
from plugin.kernel.crypto import Vault, new_key
from plugin.kernel.dispatch import Dispatcher, drain
from plugin.kernel.doctor import Verdict
from plugin.kernel.outbox import Delivery, DeliveryState
from plugin.kernel.services import Services, build_services
from plugin.people import public as people
from plugin.settings import Settings
from tests.plugin.credentials.conftest import Place
from tests.support.clock import FixedClock


@pytest.fixture
def place_on_both(database_url: str, tmp_path: Path) -> Place:
    settings = Settings(data_folder=tmp_path, database_url=database_url, practice=True)
    dispatcher = Dispatcher(subscriptions=SUBSCRIPTIONS)
    services = build_services(settings, dispatcher, clock=FixedClock())
    with services.units.system() as uow:
        community = people.found_community(uow, "Both Banks")
        uow.commit()
    return Place(services, community.id)


def together(*acts: Callable[[], None]) -> None:
    """Run each act in a thread of its own, as close to each other as a barrier brings them."""
    barrier = threading.Barrier(len(acts))
    failures: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        barrier.wait()
        try:
            act()
        except BaseException as failure:  # handed to the test below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_two_workers_award_and_sign_once(place_on_both: Place) -> None:
    place = place_on_both
    ada = place.person("Ada")

    def prepare(uow: object) -> None:
        ensure_standard(uow, "en")  # type: ignore[arg-type]
        for _ in range(3):
            evidence.keep_reviewed_work(uow, place.reviewed(ada), ada)  # type: ignore[arg-type]

    place.do(prepare)

    def judge() -> None:
        with place.services.units.community(place.community_id) as uow:
            awarding.award_due(uow, ada)
            uow.commit()

    together(*[judge] * 4)
    together(*[lambda: drain(place.services)] * 2)

    awards = place.read(lambda uow: uow.session.scalars(sa.select(Award.standing)).all())
    assert awards == ["held"]
    assert len(place.earned(ada)) == 1
    place.services.units.engine.dispose()


def lists(place: Place) -> list[StatusList]:
    found: list[StatusList] = place.read(
        lambda uow: uow.session.scalars(sa.select(StatusList).order_by(StatusList.id)).all()
    )
    return found


def test_the_daily_job_signs_every_list_afresh(place: Place, clock: FixedClock) -> None:
    place.happen(place.reviewed(place.person("Ada")))
    before = lists(place)

    clock.advance(days=1)
    renew_status_lists(place.services)

    after = lists(place)
    assert [row.purpose for row in after] == ["revocation", "suspension"]
    assert all(new.signed_at > old.signed_at for old, new in zip(before, after, strict=True))
    assert all(new.signed != old.signed for old, new in zip(before, after, strict=True))


def findings(services: Services) -> list[Verdict]:
    return [finding.verdict for finding in check_issuers(services)]


def test_the_doctor_looks_at_issuers(place: Place) -> None:
    assert findings(place.services) == []
    place.happen(place.reviewed(place.person("Ada")))
    assert findings(place.services) == [Verdict.GOOD]

    def move(uow: object) -> None:
        uow.session.execute(sa.update(Issuer).values(did="did:web:old.example:issuers:x"))  # type: ignore[attr-defined]

    place.do(move)
    assert findings(place.services) == [Verdict.WARN]

    def lock(uow: object) -> None:
        sealed = Vault((new_key(),)).seal(b"x" * 32)
        uow.session.execute(sa.update(IssuerKey).values(sealed_seed=sealed))  # type: ignore[attr-defined]

    place.do(lock)
    assert findings(place.services) == [Verdict.BAD]


def test_a_credential_that_cannot_be_signed_is_set_aside_with_the_reason(place: Place) -> None:
    place.do(lambda uow: people.rename_community(uow, "Northern\x07Lights"))

    place.happen(place.reviewed(place.person("Ada")))

    with place.services.units.system_reading() as uow:
        parked = uow.session.scalars(
            sa.select(Delivery).where(Delivery.state == DeliveryState.PARKED)
        ).one()
    assert parked.subscriber == "credentials.issue"
    assert "control character" in str(parked.last_error)
