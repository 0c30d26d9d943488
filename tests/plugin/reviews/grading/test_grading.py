"""The grading of a course: methods by hand, choice, intervals, hints, bad input."""

import numpy as np
import pytest

from plugin.reviews.grading import Grades, Method, grade, model, simple
from plugin.reviews.grading.choosing import choose, log_likelihood, parts
from plugin.reviews.grading.intervals import interval
from tests.plugin.reviews.grading.simulated import Course, course, rmse


def _grades(*rows: tuple[int, int, float], works: int, graders: int) -> Grades:
    work, grader, points = zip(*rows, strict=True) if rows else ((), (), ())
    return Grades(
        np.array(work, dtype=np.int64),
        np.array(grader, dtype=np.int64),
        np.array(points, dtype=np.float64),
        works,
        graders,
    )


def test_mean_and_median_by_hand() -> None:
    three = _grades((0, 0, 60), (0, 1, 62), (0, 2, 97), (1, 0, 50), (1, 1, 70), works=2, graders=3)
    assert simple.mean(three).points.tolist() == [73, 60]
    assert simple.median(three).points.tolist() == [62, 60]


def test_a_strict_grader_is_evened_out() -> None:
    # Grader 0 gives 20 less than the two others, and alone decides on nothing.
    rows = [(w, g, 70.0 - 20 * (g == 0)) for w in range(30) for g in (0, 1 + w % 2)]
    fair = simple.fair_mean(_grades(*rows, works=30, graders=3))
    # Only differences of biases can be known; shrinking leaves a little of the 20.
    assert 17 < fair.graders.bias[1] - fair.graders.bias[0] <= 20
    assert fair.graders.bias[1] == pytest.approx(fair.graders.bias[2])
    assert np.ptp(fair.points) < 0.1


def test_without_grades_nothing_breaks() -> None:
    graded = grade(_grades(works=3, graders=2))
    assert graded.choice.method is Method.MEAN
    assert np.isfinite(graded.fitted.points).all()
    assert graded.widest_first.tolist() == [0, 1, 2]


@pytest.mark.parametrize("rows", [[(0, 0, 55.0)], [(0, 0, 55.0), (0, 1, 55.0)]])
def test_one_work_gets_its_mean_and_an_honest_interval(rows: list[tuple[int, int, float]]) -> None:
    graded = grade(_grades(*rows, works=1, graders=2))
    assert graded.choice.method is Method.MEAN
    assert graded.fitted.points.tolist() == [55]
    assert 0 <= graded.low[0] < 55 < graded.high[0] <= 100


@pytest.mark.parametrize("fit", [model.model, model.careful_model])
def test_grades_that_all_agree_are_no_trouble(fit: object) -> None:
    rows = [(w, g, 80.0) for w in range(20) for g in range(3)]
    fitted = fit(_grades(*rows, works=20, graders=3))  # type: ignore[operator]
    assert np.allclose(fitted.points, 80, atol=0.5)
    assert np.isfinite(fitted.variance).all()


def test_a_small_course_keeps_the_mean() -> None:
    small = course(3, learners=10, k=3, assignments=1)
    choice = choose(small.grades)
    assert choice.method is Method.MEAN
    assert choice.held_out < 60


def test_noise_without_structure_keeps_the_mean() -> None:
    chance = np.random.default_rng(4)
    kept = 0
    for _ in range(10):
        work, grader = np.repeat(np.arange(100), 3), np.tile(np.arange(100), 3)
        truth = chance.normal(60, 12, 100)
        points = np.clip(truth[work] + chance.normal(0, 8, 300), 0, 100)
        kept += choose(Grades(work, grader, points, 100, 100)).method is Method.MEAN
    assert kept >= 6


def test_a_course_with_careless_graders_gets_the_careful_model() -> None:
    one = course(5, learners=200, careless=0.2)
    graded = grade(one.grades)
    assert graded.choice.method is Method.CAREFUL_MODEL
    assert rmse(graded.fitted.points, one.truth) < 0.75 * rmse(
        simple.mean(one.grades).points, one.truth
    )


def test_equal_grades_give_equal_results() -> None:
    one = course(6, learners=80)
    first, again = grade(one.grades), grade(one.grades)
    assert first.choice == again.choice
    assert np.array_equal(first.fitted.points, again.fitted.points)


@pytest.mark.parametrize("careless", [0.0, 0.1, 0.25])
def test_intervals_hold_what_they_promise(careless: float) -> None:
    one = course(7, learners=500, careless=careless)
    low, high = interval(model.careful_model(one.grades))
    covered = float(np.mean((low <= one.truth) & (one.truth <= high)))
    assert 0.87 <= covered <= 0.93


def test_every_work_keeps_a_grade_when_some_are_held_out() -> None:
    for grades in (course(8, learners=30, k=2, assignments=1).grades, course(8).grades):
        for held in parts(grades):
            assert held.any()
            assert grades.only(~held).per_work().min() >= 1


def test_likelihood_prefers_the_truth() -> None:
    one = course(9, learners=300)
    held = parts(one.grades)[0]
    rest, hidden = one.grades.only(~held), one.grades.only(held)
    better = log_likelihood(model.careful_model(rest), hidden).mean()
    assert better > log_likelihood(simple.mean(rest), hidden).mean() + 0.1


def test_a_teachers_grade_is_true_and_measures_graders() -> None:
    one = course(10, learners=200, assignments=1)
    known = {work: float(one.truth[work]) for work in range(60)}
    told = Grades(one.grades.work, one.grades.grader, one.grades.points, 200, 200, known)
    fitted = model.careful_model(told)
    assert [fitted.points[work] for work in known] == list(known.values())
    low, high = interval(fitted)
    assert np.array_equal(low[:60], high[:60])
    without = model.careful_model(one.grades)
    assert rmse(fitted.points[60:], one.truth[60:]) < rmse(without.points[60:], one.truth[60:])


def test_careless_hints_name_their_numbers_and_are_as_sure_as_they_say() -> None:
    right = hinted = there = 0
    for seed in range(11, 16):
        one = course(seed, learners=200, careless=0.15)
        hints = grade(one.grades).careless
        hinted += len(hints)
        right += sum(bool(one.careless[hint.grader]) for hint in hints)
        there += int(one.careless.sum())
        for hint in hints:
            assert hint.grades == 24
            assert hint.chance >= 0.9
            mine = one.grades.grader == hint.grader
            assert hint.own_spread == pytest.approx(one.grades.points[mine].std())
    assert right >= 0.9 * hinted
    assert right >= 0.9 * there


def _with_friends(one: Course, pairs: list[tuple[int, int]], learners: int) -> Grades:
    chance = np.random.default_rng(12)
    work, grader, points = [one.grades.work], [one.grades.grader], [one.grades.points]
    for number in range(6):
        for first, second in [*pairs, *[(b, a) for a, b in pairs]]:
            theirs = number * learners + second
            work.append(np.array([theirs]))
            grader.append(np.array([first]))
            given = one.truth[theirs] + 25 + chance.normal(0, 5)
            points.append(np.clip(np.array([given]), 0, 100))
    return Grades(
        np.concatenate(work), np.concatenate(grader), np.concatenate(points), learners * 6, learners
    )


def test_who_favours_each_other_is_hinted_at_and_nobody_else() -> None:
    learners = 200
    one = course(12, learners=learners, careless=0.05)
    # Honest but for the favour: who gives everybody the same cannot be told to favour somebody.
    honest = [int(person) for person in np.flatnonzero(~one.careless)]
    pairs = [(honest[3], honest[70]), (honest[11], honest[150]), (honest[42], honest[43])]
    author = np.tile(np.arange(learners), 6)
    hints = grade(_with_friends(one, pairs, learners), author).favours
    assert {(hint.first, hint.second) for hint in hints} == set(pairs)
    assert all(min(hint.first_gave, hint.second_gave) > 5 for hint in hints)
    assert all(hint.grades >= 12 for hint in hints)
    assert grade(one.grades, author).favours == []


def test_the_widest_comes_first() -> None:
    rows = [(0, g, 60.0 + g) for g in range(6)] + [(1, 0, 70.0)]
    graded = grade(_grades(*rows, works=2, graders=6))
    assert graded.widest_first.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("work", "grader", "points"),
    [
        ([0], [0], [101]),
        ([0], [0], [float("nan")]),
        ([2], [0], [5]),
        ([0], [-1], [5]),
        ([0], [], [5]),
    ],
)
def test_grades_that_cannot_be_are_refused(
    work: list[int], grader: list[int], points: list[float]
) -> None:
    with pytest.raises(ValueError, match=r"between|range|equally"):
        Grades(
            np.array(work, dtype=np.int64),
            np.array(grader, dtype=np.int64),
            np.array(points, dtype=np.float64),
            2,
            1,
        )
