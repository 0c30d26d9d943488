"""The arithmetic of scores, by hand and by property."""

from hypothesis import given
from hypothesis import strategies as st

from plugin.reviews import allocation, scoring
from plugin.reviews.rubrics import Criterion, Level, Rubric, from_json, to_json

RUBRIC = Rubric(
    "r",
    "1",
    "R",
    tuple(
        Criterion(key, key, tuple(Level(n, str(n), n * weight) for n in range(4)))
        for key, weight in (("a", 1.0), ("b", 2.5))
    ),
)
LEVELS = st.fixed_dictionaries({"a": st.integers(0, 3), "b": st.integers(0, 3)})


def test_a_mean_by_hand() -> None:
    """(3 + 2.5) and (1 + 0) and (2 + 2.5): 11 / 3 = 3.666... rounds to 3.67."""
    result = scoring.score(RUBRIC, [{"a": 3, "b": 1}, {"a": 1, "b": 0}, {"a": 2, "b": 1}])
    assert (result.points, result.maximum, result.reviews) == (3.67, 10.5, 3)
    assert result.levels == {"a": 2, "b": 1}


def test_half_cents_round_up() -> None:
    rubric = Rubric("r", "1", "R", (Criterion("a", "a", (Level(0, "0", 0), Level(1, "1", 0.01))),))
    assert scoring.score(rubric, [{"a": 1}, {"a": 0}]).points == 0.01


def test_of_two_levels_the_lower_counts() -> None:
    assert scoring.lower_median([3, 1]) == 1
    assert scoring.lower_median([3, 1, 2]) == 2


@given(st.lists(LEVELS, min_size=1, max_size=6))
def test_a_score_lies_between_its_reviews_and_ignores_their_order(
    reviews: list[dict[str, int]],
) -> None:
    points = [scoring.points_of(RUBRIC, one) for one in reviews]
    result = scoring.score(RUBRIC, reviews)
    assert min(points) - 0.005 <= result.points <= max(points) + 0.005
    assert scoring.score(RUBRIC, reviews[::-1]) == result


def test_a_rubric_survives_being_stored() -> None:
    assert from_json(to_json(RUBRIC)) == RUBRIC


def test_the_cost_is_stated_per_person() -> None:
    assert allocation.cost(2, 20) == allocation.Cost(reviews=2, minutes=40)


def test_without_reciprocity_it_takes_twice_k_and_one() -> None:
    assert not allocation.strangers_only(4, 2)
    assert allocation.strangers_only(5, 2)
