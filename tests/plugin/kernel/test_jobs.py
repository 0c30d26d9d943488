"""The job store says when: SQLite by default, Redis at scale; losing it loses nothing."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from plugin.kernel.dispatch import Dispatcher
from plugin.kernel.jobs import Jobs
from plugin.kernel.outbox import Delivery, DeliveryState
from plugin.kernel.services import Services, build_services
from plugin.notifications import public as notifications
from plugin.people import public as people
from plugin.settings import Settings
from tests.support.requires import require
from tests.support.revision import newest_revision


@pytest.fixture(params=["sqlite", "redis"])
def store(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    if request.param == "sqlite":
        return settings
    require("redis")
    return replace(settings, jobs_url="redis://127.0.0.1:6379/9")


def test_many_wakes_leave_few_jobs(store: Settings) -> None:
    jobs = Jobs(store)
    jobs.queue.flush()
    for _ in range(20):
        jobs.wake()
    assert jobs.check() == 1
    jobs.queue.flush()


def test_a_commit_does_not_fail_when_the_job_store_is_away(settings: Settings) -> None:
    away = replace(settings, jobs_url="redis://127.0.0.1:1/0")
    jobs = Jobs(away)
    require("redis")
    jobs.wake()
    services = build_services(away, Dispatcher(), jobs=jobs)
    with services.units.system() as uow:
        people.found_community(uow, "Northern Lights")
        uow.commit()
    services.units.engine.dispose()


def test_a_worker_process_carries_out_what_waits(
    store: Settings, services: Services, community: people.Community
) -> None:
    """A real worker, stopped by SIGTERM, on each job store."""
    with services.units.community(community.id) as uow:
        ada = people.admit_by_email(uow, "ada@example.org")
        notifications.set_quiet_hours(uow, ada.id, 0, 0)
        notifications.notify(
            uow,
            ada.id,
            kind="review_todo",
            message="reviews.todo",
            params={"activity": "Week 3", "minutes": 20},
            url="/",
            key="k",
            waits=True,
        )
        uow.commit()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("LANTERN_")},
        "LANTERN_DATA_FOLDER": str(store.data_folder),
        "LANTERN_BASE_URL": store.base_url,
        "LANTERN_PRACTICE": "1",
        "LANTERN_DATABASE_URL": store.database_url,
        "LANTERN_JOBS_URL": store.jobs_url,
    }
    with newest_revision(services.units.engine):
        worker = subprocess.Popen([sys.executable, "-m", "plugin", "worker"], env=environment)
        try:
            assert _settled(services), "the worker did not carry it out"
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(20) == 0
        finally:
            worker.kill()
            worker.wait()
    assert len(list(Path(store.data_folder, "mail").glob("*.eml"))) == 1


def _settled(services: Services) -> bool:
    for _ in range(300):
        with services.units.system_reading() as uow:
            states = set(uow.session.scalars(sa.select(Delivery.state)))
        if states == {DeliveryState.DONE}:
            return True
        time.sleep(0.1)
    return False
