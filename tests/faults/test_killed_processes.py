"""Nothing lost, nothing twice, whatever is killed (issue 2, section 6).

Two runs from copies of one state: one undisturbed, one in which SIGKILL ends web and worker again
and again. A day later, when claims have lapsed and bundles are sent, both must have come to the
same: in Lantern, in the practice gradebook, in the practice forum.
"""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from plugin.app import Composition, compose
from plugin.mentoring import public as mentoring
from plugin.practice.forum import proof
from tests.conftest import POSTGRES
from tests.faults import outcome, processes, story
from tests.faults.place import Databases, Neighbours, Place, neighbours
from tests.faults.processes import Chaos, Process, Victim, wait_until
from tests.faults.story import TOPICS, Redelivery
from tests.faults.town import MATCHINGS, Town, prepare
from tests.support.requires import require
from tests.support.world import lantern, to_noon

KILLS, DELIVERIES = 32, 2000
FURTHER, NEARLY_NONE = 90.0, 10
LONG = 400.0  # patience on a busy machine
SOME_QUIET_ROUNDS = 12
A_DAY = timedelta(days=1)
CLAIMS_LAPSED = timedelta(seconds=125)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    if request.param == "postgresql":
        require("postgres")
    made = Databases(POSTGRES if request.param == "postgresql" else None)
    yield made
    made.drop_all()


@dataclass
class Run:
    """One run: where, with whom, and what the figures were."""

    town: Town
    place: Place
    near: Neighbours
    composition: Composition
    web: Process
    worker: Process
    clock: float
    kills: str = "none"
    sent: int = 0
    arrived: int = 0
    under_fire: int = 0
    lost: int = 0
    redelivered: int = 0

    def answers(self) -> bool:
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.get(f"{self.place.settings.base_url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    def start(self) -> None:
        self.web.start()
        self.worker.start()
        wait_until(self.answers, "the web process does not answer")

    def publish(self, number: int) -> None:
        programme, matching_id = self.town.matchings[number]
        with self.composition.services.units.community(self.town.community_id) as uow:
            mentoring.request_publish(uow, self.town.teacher, programme, matching_id)
            uow.commit()

    def let_claims_lapse(self, died: str) -> None:
        """Move all clocks on when a worker dies, so that the next one finds what it had in hand.

        Otherwise the dead would soon hold everything, and nothing would happen under fire.
        """
        if died == self.worker.name:
            self.clock += CLAIMS_LAPSED.total_seconds()
            self.near.set_clock(self.clock)
            for process in (self.web, self.worker):
                process.set_clock(self.clock)

    def idle(self) -> bool:
        """Nothing due in the forum's queue nor in Lantern, twice with a little time between."""
        for _look in range(2):
            engine = self.composition.services.units.engine
            now = self.composition.services.clock.now()
            if outcome.due(engine, now) or self.near.forum.sender.waiting():
                return False
            time.sleep(0.3)
        return True


@pytest.mark.slow
def test_killing_processes_changes_nothing(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    town = prepare(Place.new(_folder(tmp_path / "saved"), databases, to_noon()))
    prepared = time.monotonic()
    calm, calm_figures = _run(town, tmp_path / "calm", disturbed=False)
    stormy, stormy_figures = _run(town, tmp_path / "storm", disturbed=True)
    with capsys.disabled():
        print(f"\nprepared in {prepared - began:.0f} s\n{calm_figures}\n{stormy_figures}")
    assert sum(calm["pairs"].values()) > 0
    accepted = [count for line, count in calm["contributions"].items() if "accepted_answer" in line]
    assert sum(accepted) == TOPICS
    assert not calm["forum: messages sent twice"]
    assert max(calm["forum: badges"].values()) == 1
    different = outcome.differences(calm, stormy)
    assert not different, "\n".join(different)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _run(town: Town, folder: Path, *, disturbed: bool) -> tuple[outcome.Outcome, str]:
    """The story, the quiet after it, and what came of it."""
    began = time.monotonic()
    place = town.place.copy(folder)
    with ExitStack() as stack:
        near = stack.enter_context(neighbours(place))
        composition = compose(place.settings)
        stack.callback(composition.services.units.engine.dispose)
        web = processes.web(place.settings, folder)
        worker = processes.worker(place.settings, folder)
        stack.callback(web.kill)
        stack.callback(worker.kill)
        run = Run(town, place, near, composition, web, worker, place.settings.clock_offset)
        run.start()
        if disturbed:
            _storm(run)
        else:
            _calm(run)
        told = time.monotonic()
        _two_days_later(run, stack)
        found = outcome.of(
            run.composition.services.units.engine, near.forum, near.lms, place.settings.data_folder
        )
        assert outcome.missing(run.composition.services.units.engine, near.forum) == []
        assert not any(outcome.unfinished(run.composition.services.units.engine).values())
        again = outcome.repeats(near.lms, run.composition.services.units.engine)
    figures = (
        f"{'storm' if disturbed else 'calm '}: kills {run.kills}; deliveries made {run.sent}, "
        f"acknowledged meanwhile {run.arrived}, redelivered {run.redelivered}, "
        f"lost {run.lost}; events handled under fire {run.under_fire}; repeated without effect: "
        f"{again.score_posts} scores, {again.deliveries} deliveries; "
        f"{told - began:.0f} s and {time.monotonic() - told:.0f} s"
    )
    return found, figures


def _storm(run: Run) -> None:
    chaos = Chaos(
        [
            Victim(run.web, run.answers, longest_life=1.2),
            Victim(run.worker, lambda: run.worker.said("worker started"), longest_life=1.5),
        ],
        seed=20,
        on_death=run.let_claims_lapse,
    )
    redelivery = Redelivery(run.near.forum)
    story.answer_late(run.near)
    chaos.begin()
    redelivery.begin()
    try:
        _tell(run, chaos)
        wait_until(lambda: run.near.forum.sender.waiting() == 0, "the forum still sends", LONG)
        _await_kills(chaos, KILLS)
        _await_effects(run)
    finally:
        chaos.end()
        run.under_fire = outcome.carried_out(run.composition.services.units.engine)
        story.answer_at_once(run.near)
        run.arrived = len(proof.deliveries(run.near.forum, acknowledged=True))
        _arrive(run, redelivery)
    assert not chaos.ended_by_themselves
    run.kills = ", ".join(f"{count} {name}" for name, count in chaos.kills.items())


def _await_effects(run: Run) -> None:
    """Go on until what was published is done, so that it is done under fire; within reason."""
    end = time.monotonic() + FURTHER
    engine = run.composition.services.units.engine
    while (
        outcome.waiting(engine, run.near.forum.clock.now()) > NEARLY_NONE and time.monotonic() < end
    ):
        time.sleep(0.5)


def _calm(run: Run) -> None:
    redelivery = Redelivery(run.near.forum)
    redelivery.begin()
    try:
        _tell(run, None)
    finally:
        _arrive(run, redelivery)
        run.arrived = len(proof.deliveries(run.near.forum, acknowledged=True))


def _tell(run: Run, chaos: Chaos | None) -> None:
    """The story at full speed, or a little after each kill so that all of it is in the storm."""
    forum = run.near.forum
    story.start(forum)
    begin = forum.clock.now() - timedelta(hours=22)
    for number in range(TOPICS):
        if chaos is not None:
            _await_kills(chaos, number * (KILLS - 4) // TOPICS)
            if number % 4:  # most when somebody listens, who may be killed in the midst of it
                wait_until(run.answers, "the web process never comes up", LONG)
        if number % (TOPICS // MATCHINGS) == 10:
            run.publish(number // (TOPICS // MATCHINGS))
        story.tell_topic(forum, number, begin)


def _await_kills(chaos: Chaos, count: int) -> None:
    wait_until(lambda: chaos.total >= count, "nothing is killed", LONG)


def _arrive(run: Run, redelivery: Redelivery) -> None:
    """Whatever is still to be delivered, now that nothing is killed."""
    forum = run.near.forum
    try:
        wait_until(lambda: forum.sender.waiting() == 0, "the forum still sends", LONG)
        wait_until(lambda: not redelivery.left(), "deliveries are left", LONG)
    finally:
        redelivery.end()
    run.redelivered = redelivery.sent
    run.sent = len(proof.deliveries(forum))
    assert run.sent >= DELIVERIES
    run.lost = story.lost(forum)


def _two_days_later(run: Run, stack: ExitStack) -> None:
    """What the dead had claimed is free the next day; what is bundled comes the day after."""
    for day in (1, 2):
        _restart(run, stack, run.place.later(day * A_DAY))
        _until_idle(run)
        _reconcile(run)
        _until_idle(run)


def _restart(run: Run, stack: ExitStack, later: Place) -> None:
    """Everybody's clock moves, so Lantern is started again."""
    run.web.kill()
    run.worker.kill()
    run.near.set_clock(later.settings.clock_offset)
    run.composition = compose(later.settings)
    stack.callback(run.composition.services.units.engine.dispose)
    run.web = processes.web(later.settings, run.place.folder)
    run.worker = processes.worker(later.settings, run.place.folder)
    stack.callback(run.web.kill)
    stack.callback(run.worker.kill)
    run.start()


def _reconcile(run: Run) -> None:
    """As the schedule does in the course of some hours: each run looks at one further old page."""
    quiet = 0
    while quiet < SOME_QUIET_ROUNDS:
        said = json.loads(lantern(run.composition.settings, "discourse", "reconcile", "--json"))
        done = all(one["complete"] for one in said) and not any(one["marked"] for one in said)
        quiet = quiet + 1 if done else 0
        if not done:
            _until_idle(run)


def _until_idle(run: Run) -> None:
    try:
        wait_until(run.idle, "idle", LONG)
    except TimeoutError:
        left = outcome.unfinished(run.composition.services.units.engine)
        pytest.fail(f"still to do: {left}, forum {run.near.forum.sender.waiting()}")
