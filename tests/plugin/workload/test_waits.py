"""The estimate counts those who still wait (Kaplan and Meier 1958)."""

from datetime import timedelta

from plugin.workload.waits import estimate_wait


def _hours(*values: float) -> list[timedelta]:
    return [timedelta(hours=value) for value in values]


def test_too_little_history_gives_no_estimate() -> None:
    assert estimate_wait(_hours(1, 2, 3, 4)) is None


def test_without_waiting_items_it_is_the_plain_quantile() -> None:
    estimate = estimate_wait(_hours(*range(1, 11)))
    assert estimate is not None
    assert estimate.median == timedelta(hours=5)
    assert estimate.low == timedelta(hours=1)
    assert estimate.high == timedelta(hours=9)


def test_items_that_wait_long_make_the_estimate_longer() -> None:
    """Worked by hand: after 5 of 10 at risk ended, 5 more wait longer than all of them."""
    estimate = estimate_wait(_hours(1, 2, 3, 4, 5), _hours(9, 9, 9, 9, 9))
    assert estimate is not None
    assert estimate.median == timedelta(hours=5)
    assert estimate.high is None


def test_items_that_came_a_moment_ago_change_little() -> None:
    alone = estimate_wait(_hours(*range(1, 11)))
    with_new = estimate_wait(_hours(*range(1, 11)), _hours(0.1, 0.1))
    assert alone is not None
    assert with_new is not None
    assert alone.median == with_new.median
