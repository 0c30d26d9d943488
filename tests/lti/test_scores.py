"""Wanted scores reach the gradebook of the practice LMS once in effect, whatever happens."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from lti import grades, scores
from lti.models import AccessToken, LineItem, Score, ScoreState
from lti.platforms import platform
from plugin.events.wants import ScoreWanted
from plugin.kernel.jobs import sweep
from plugin.kernel.outbox import OutboxMessage
from plugin.people import public as people
from plugin.practice.lms import queries, seed
from plugin.practice.lms.call_log import calls
from plugin.practice.lms.faults import Area, Mode, clear_faults, set_fault
from plugin.practice.lms.records import Role
from tests.lti.conftest import Campus, browser


@dataclass
class Gradebook:
    """Ada and Ben have opened the course; scores are wanted for them."""

    campus: Campus
    context_id: UUID
    number: int = 0
    keys: list[str] = field(default_factory=list)

    def want(
        self, score: float, *, resource: str = "essay", user: str = "ada", **more: object
    ) -> str:
        campus = self.campus
        self.number += 1
        wanted = ScoreWanted(
            key=str(more.get("key") or f"score-{self.number}"),
            person_id=campus.person_id(getattr(campus, user)),
            context_id=self.context_id,
            resource=resource,
            label=str(more.get("label", "Essay")),
            score=score,
            maximum=float(str(more.get("maximum", 10))),
            comment="Well argued",
            at=campus.clock.now()
            + timedelta(milliseconds=self.number)
            - timedelta(seconds=float(str(more.get("ago", 0)))),
        )
        with campus.services.units.community(campus.community.id) as uow:
            uow.record(wanted)
            uow.commit()
        return wanted.key

    def columns(self) -> dict[str, dict[int, float | None]]:
        with self.campus.lms.store.reading() as db:
            return {
                item.label: {grade.user_id: grade.score for grade in queries.grades(db, item.id)}
                for item in queries.line_items(db, self.campus.course.id)
            }

    def reports(self) -> list[tuple[str, str]]:
        """(kind, key) of every report, in order."""
        with self.campus.services.units.system_reading() as uow:
            rows = uow.session.scalars(
                sa.select(OutboxMessage)
                .where(OutboxMessage.name.in_(["wants.fulfilled.v1", "wants.refused.v1"]))
                .order_by(OutboxMessage.id)
            )
            return [(row.name.split(".")[1], row.payload["key"]) for row in rows]

    def score(self, resource: str = "essay") -> Score:
        with self.campus.services.units.reading(self.campus.community.id) as uow:
            return uow.session.scalars(sa.select(Score).where(Score.resource == resource)).one()


@pytest.fixture
def gradebook(campus: Campus) -> Gradebook:
    made = seed.add_activity(campus.lms.store, campus.course.id, campus.tool.id, title="Mentoring")
    for user in (campus.ada, campus.ben, campus.tessa):
        assert campus.launch(user, made.id).status_code == 303
    campus.sweep()
    with campus.services.units.reading(campus.community.id) as uow:
        context = people.contexts(uow)[0]
    return Gradebook(campus, context.id)


def test_a_score_makes_its_column_and_stands_there(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    key = gradebook.want(8)
    gradebook.want(5, user="ben")
    campus.sweep()
    assert gradebook.columns() == {"Essay": {campus.ada.id: 8, campus.ben.id: 5}}
    assert ("fulfilled", key) in gradebook.reports()
    with campus.services.units.reading(campus.community.id) as uow:
        column = uow.session.scalars(sa.select(LineItem)).one()
        tokens = uow.session.scalars(sa.select(AccessToken)).all()
    assert column.score_maximum == 10
    assert len(tokens) == 2  # one for the roster, one for the gradebook


def test_a_newer_score_goes_a_second_later_and_wins(gradebook: Gradebook) -> None:
    gradebook.want(4)
    gradebook.campus.sweep()
    gradebook.want(7)
    gradebook.campus.sweep(milliseconds=200)
    assert gradebook.columns()["Essay"][gradebook.campus.ada.id] == 4
    gradebook.campus.sweep(seconds=1)
    assert gradebook.columns()["Essay"][gradebook.campus.ada.id] == 7
    assert [kind for kind, _key in gradebook.reports()] == ["fulfilled", "fulfilled"]


def test_an_older_score_that_comes_late_changes_nothing(gradebook: Gradebook) -> None:
    gradebook.want(9)
    gradebook.campus.sweep()
    late = gradebook.want(2, ago=60)
    gradebook.campus.sweep(seconds=5)
    assert gradebook.columns()["Essay"][gradebook.campus.ada.id] == 9
    assert ("fulfilled", late) in gradebook.reports()


def test_the_same_want_twice_is_one_post_and_one_report(gradebook: Gradebook) -> None:
    gradebook.want(6, key="same")
    gradebook.want(6, key="same")
    gradebook.campus.sweep()
    gradebook.campus.sweep(seconds=5)
    assert gradebook.reports() == [("fulfilled", "same")]
    with gradebook.campus.lms.store.reading() as db:
        assert len(queries.score_posts(db, gradebook.campus.course.id)) == 1


def test_a_lost_answer_is_asked_again_and_makes_no_second_column(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    for _call in range(3):  # the list, the new column, the score: each answer is lost once
        set_fault(campus.lms.store, Area.GRADES, Mode.LOST, count=1)
        if not gradebook.number:
            gradebook.want(8)
        campus.sweep(seconds=20)
    clear_faults(campus.lms.store)
    for _again in range(4):
        campus.sweep(minutes=2)
    assert gradebook.columns() == {"Essay": {campus.ada.id: 8}}
    assert gradebook.score().state is ScoreState.SENT
    assert [kind for kind, _key in gradebook.reports()] == ["fulfilled"]


@pytest.mark.parametrize("mode", [Mode.ERROR, Mode.TOO_MANY, Mode.HANG])
@pytest.mark.parametrize("area", [Area.GRADES, Area.TOKEN])
def test_a_platform_that_is_down_gets_it_later(
    gradebook: Gradebook, area: Area, mode: Mode
) -> None:
    campus = gradebook.campus
    set_fault(campus.lms.store, area, mode)
    gradebook.want(8)
    campus.sweep()
    assert gradebook.score().state is ScoreState.TO_SEND
    clear_faults(campus.lms.store)
    campus.sweep(minutes=1)
    assert gradebook.columns() == {"Essay": {campus.ada.id: 8}}


def test_who_cannot_be_graded_is_refused_with_the_reason(gradebook: Gradebook) -> None:
    key = gradebook.want(8, user="tessa")
    gradebook.campus.sweep()
    assert ("refused", key) in gradebook.reports()
    score = gradebook.score()
    assert score.state is ScoreState.REFUSED
    assert "learners" in str(score.reason)


def test_the_line_item_of_the_linked_activity_is_used(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    made = seed.add_activity(
        campus.lms.store,
        campus.course.id,
        campus.tool.id,
        title="Graded",
        score_maximum=50,
        resource_id="essay",
        custom={"lantern_resource": "essay"},
    )
    campus.launch(campus.ada, made.id)
    gradebook.want(8)
    campus.sweep()
    assert gradebook.columns() == {"Graded": {campus.ada.id: 40}}


def test_a_column_that_was_deleted_is_made_again(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    gradebook.want(8)
    campus.sweep()
    with campus.lms.store.writing() as db:
        db.execute("DELETE FROM grade")
        db.execute("DELETE FROM line_item")
    gradebook.want(9)
    campus.sweep(seconds=5)
    campus.sweep(minutes=1)
    assert gradebook.columns() == {"Essay": {campus.ada.id: 9}}


def test_a_grade_of_the_same_second_waits_and_one_that_stays_newer_is_left_alone(
    gradebook: Gradebook,
) -> None:
    campus = gradebook.campus
    gradebook.want(3)
    campus.sweep()
    with campus.lms.store.writing() as db:  # somebody graded by hand, with a clock that runs ahead
        db.execute("UPDATE grade SET score = 1, graded = graded + 86400")
    key = gradebook.want(9)
    for _again in range(8):
        campus.sweep(seconds=15)
    assert gradebook.columns()["Essay"][campus.ada.id] == 1
    assert ("refused", key) in gradebook.reports()
    assert "newer" in str(gradebook.score().reason)


def test_without_a_course_gradebook_the_reason_is_plain(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    with campus.services.units.community(campus.community.id) as uow:
        other = people.context_for(uow, issuer="x", external_id="y", kind="forum", title="Forum")
        uow.commit()
    gradebook.context_id = other.id
    key = gradebook.want(8)
    campus.sweep()
    assert ("refused", key) in gradebook.reports()


def test_somebody_who_left_the_course_is_refused(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    seed.unenrol(campus.lms.store, campus.course.id, campus.ada.id)
    key = gradebook.want(8)
    campus.sweep()
    assert ("refused", key) in gradebook.reports()
    seed.enrol(campus.lms.store, campus.course.id, campus.ada.id, Role.LEARNER)
    gradebook.want(9)
    campus.sweep(seconds=5)
    assert gradebook.columns()["Essay"] == {campus.ada.id: 9}


def test_two_first_scores_at_once_make_one_column(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    gradebook.want(8)
    gradebook.want(5, user="ben")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _number: sweep(campus.services), range(2)))
    for _again in range(3):
        campus.sweep(minutes=1)
    assert gradebook.columns() == {"Essay": {campus.ada.id: 8, campus.ben.id: 5}}


def grades_of(gradebook: Gradebook, **options: Any) -> list[grades.GradeView]:
    with gradebook.campus.work() as uow:
        return list(grades.grades(uow, gradebook.context_id, "essay", **options).items)


def posts(gradebook: Gradebook) -> list[dict[str, Any]]:
    with gradebook.campus.lms.store.reading() as db:
        return [
            json.loads(one.body)
            for one in queries.score_posts(db, gradebook.campus.course.id)
            if one.status == 200
        ]


def test_what_was_sent_is_read_back_and_a_difference_shows(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    gradebook.want(8)
    gradebook.want(5, user="ben")
    campus.sweep()
    campus.sweep(seconds=30)
    assert {(one.found, one.differs) for one in grades_of(gradebook)} == {(8, False), (5, False)}
    gradebook.want(9)
    campus.sweep(seconds=2)
    with campus.lms.store.writing() as db:  # a teacher gives another grade by hand
        db.execute("UPDATE grade SET score = 3 WHERE user_id = ?", (campus.ada.id,))
    campus.sweep(seconds=30)
    (shown,) = grades_of(gradebook, problems=True)
    assert (shown.score, shown.found, shown.found_of, shown.differs) == (9, 3, 10, True)


def test_many_scores_are_read_back_by_one_request(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    for user in ("ada", "ben"):
        gradebook.want(8, user=user)
    campus.sweep()
    for _again in range(3):
        campus.sweep(seconds=40)
    results = [one for one in calls(campus.lms.store) if "/results" in one.url]
    assert len(results) == 1


def test_a_refused_score_is_sent_again_once_it_can_be(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    seed.unenrol(campus.lms.store, campus.course.id, campus.ada.id)
    gradebook.want(8)
    campus.sweep()
    assert gradebook.score().state is ScoreState.REFUSED
    seed.enrol(campus.lms.store, campus.course.id, campus.ada.id, Role.LEARNER)
    with campus.services.units.community(campus.community.id) as uow:
        assert grades.send_again(uow, gradebook.context_id, "essay") == 1
        uow.commit()
    campus.sweep(seconds=5)
    assert gradebook.columns()["Essay"][campus.ada.id] == 8
    assert gradebook.score().state is ScoreState.SENT


def test_killed_between_post_and_note_it_is_sent_once_more_and_stands_once(
    gradebook: Gradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    campus = gradebook.campus
    settle = scores._settle

    def killed(*_values: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scores, "_settle", killed)
    gradebook.want(8)
    with pytest.raises(KeyboardInterrupt):
        campus.sweep()
    monkeypatch.setattr(scores, "_settle", settle)
    campus.sweep(seconds=1)
    assert gradebook.score().state is ScoreState.TO_SEND
    campus.sweep(minutes=3)
    assert gradebook.columns() == {"Essay": {campus.ada.id: 8}}
    assert [kind for kind, _key in gradebook.reports()] == ["fulfilled"]


def test_times_grow_by_a_second_whatever_the_clock_does(gradebook: Gradebook) -> None:
    campus = gradebook.campus
    gradebook.want(4)
    campus.sweep()
    campus.clock.advance(minutes=-5)  # set right after it ran ahead
    gradebook.want(6, ago=-600)
    campus.sweep()
    first, second = sorted(datetime.fromisoformat(one["timestamp"]) for one in posts(gradebook))
    assert second - first >= timedelta(seconds=1)
    assert gradebook.columns()["Essay"][campus.ada.id] == 6


def test_every_post_is_final_and_none_but_canvas_gets_its_extension(gradebook: Gradebook) -> None:
    gradebook.want(8)
    gradebook.campus.sweep()
    (sent,) = posts(gradebook)
    assert (sent["gradingProgress"], sent["activityProgress"]) == ("FullyGraded", "Completed")
    assert not [name for name in sent if "canvas" in name]
    extras = platform("canvas").score_extras()
    (told,) = extras.values()
    assert told == {"new_submission": False, "prioritize_non_tool_grade": True}


def test_a_new_name_follows_and_the_maximum_stays_after_the_first_score(
    gradebook: Gradebook,
) -> None:
    campus = gradebook.campus
    gradebook.want(8)
    campus.sweep()
    gradebook.want(16, label="Essay, second draft", maximum=20)
    campus.sweep(seconds=2)
    with campus.lms.store.reading() as db:
        (item,) = queries.line_items(db, campus.course.id)
    assert (item.label, item.score_maximum) == ("Essay, second draft", 10)
    assert gradebook.columns() == {"Essay, second draft": {campus.ada.id: 8}}


def test_a_column_made_here_can_be_removed_and_is_made_again_when_wanted(
    gradebook: Gradebook,
) -> None:
    campus = gradebook.campus
    gradebook.want(8)
    campus.sweep()
    with campus.services.units.community(campus.community.id) as uow:
        assert grades.remove_column(uow, gradebook.context_id, "essay")
        uow.commit()
    campus.sweep()
    assert gradebook.columns() == {}
    gradebook.want(9)
    campus.sweep(minutes=2)
    assert gradebook.columns() == {"Essay": {campus.ada.id: 9}}


def test_a_teacher_sees_each_score_and_sends_again_and_a_learner_does_not(
    gradebook: Gradebook,
) -> None:
    campus = gradebook.campus
    seed.unenrol(campus.lms.store, campus.course.id, campus.ada.id)
    gradebook.want(8)
    gradebook.want(5, user="ben")
    campus.sweep()
    with campus.lms.store.reading() as db:
        number = queries.activities(db, campus.course.id)[0].id
    teacher = browser()
    home = campus.base_url + campus.launch(campus.tessa, number, teacher).headers["Location"]
    page = teacher.get(home, timeout=30)
    assert "did not take a score" in page.text
    columns = teacher.get(f"{page.url}lti/grades", timeout=30)
    assert "1 refused" in columns.text
    url = f"{page.url}lti/grades/essay"
    shown = teacher.get(url, timeout=30).text
    assert all(word in shown for word in ("refused", "sent", "Ada", "Ben", "8 / 10"))
    assert "Ben" not in teacher.get(f"{url}?show=problems", timeout=30).text
    token = shown.split('name="csrf_token" value="')[1].split('"')[0]
    seed.enrol(campus.lms.store, campus.course.id, campus.ada.id, Role.LEARNER)
    said = teacher.post(f"{url}/again", {"csrf_token": token}, timeout=30)
    assert "goes out again" in said.text
    campus.sweep(seconds=5)
    assert gradebook.columns()["Essay"][campus.ada.id] == 8
    assert teacher.get(f"{page.url}lti/grades/other", timeout=30).status_code == 404
    learner = browser()
    campus.launch(campus.ben, number, learner)
    for path in ("lti/grades", "lti/grades/essay"):
        assert learner.get(page.url + path, timeout=30).status_code == 403
