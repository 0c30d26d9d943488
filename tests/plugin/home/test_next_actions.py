"""Three lines, the urgent and the due first; the rest waits behind."""

from datetime import UTC, datetime, timedelta

from plugin.home.next_actions import arrange
from plugin.home.public import NextAction

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def line(title: str, due: int | None = None, **more: object) -> NextAction:
    at = NOW + timedelta(hours=due) if due is not None else None
    values = {"reason": "", "minutes": 5, "due": at, "url": "/", **more}
    return NextAction(title=title, **values)  # type: ignore[arg-type]  # one dict, many types


def test_what_is_due_comes_first_and_three_are_shown() -> None:
    home = arrange([line("d"), line("b", 5), line("a", 2), line("c", 9)])
    assert [a.title for a in home.next] == ["a", "b", "c"]
    assert [a.title for a in home.more] == ["d"]


def test_urgent_stands_before_due_and_short_before_long() -> None:
    home = arrange(
        [line("long", minutes=30), line("short"), line("due", 1), line("x", urgent=True)]
    )
    assert [a.title for a in (*home.next, *home.more)] == ["x", "due", "short", "long"]


def test_within_a_course_other_courses_are_left_out() -> None:
    lines = [line("a", url="/c/one/x"), line("b", url="/c/two/x"), line("c", url="/profile")]
    assert [a.title for a in arrange(lines, within="/c/one/").next] == ["a", "c"]


def test_waiting_and_finished_are_apart() -> None:
    home = arrange([line("w", kind="waiting"), line("d", kind="done")])
    assert home.next == ()
    assert [a.title for a in home.waiting] == ["w"]
    assert [a.title for a in home.done] == ["d"]
    assert not home.empty
    assert arrange([]).empty
