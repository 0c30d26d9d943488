"""Skill words compare as people mean them."""

from hypothesis import given
from hypothesis import strategies as st

from plugin.expertise.skills import LONGEST, distinct, normalise


def test_case_width_and_spaces_do_not_matter() -> None:
    assert normalise("  SQL   Joins ") == normalise("sql joins") == "sql joins"
    assert normalise("ＳＱＬ") == "sql"
    assert distinct(["SQL", "sql", " ", "R"]) == {"sql": "SQL", "r": "R"}


@given(st.text(max_size=200))
def test_normal_is_normal_already(label: str) -> None:
    word = normalise(label)
    assert len(word) <= LONGEST
    assert normalise(word).startswith(normalise(word)[:1])
    assert "  " not in word
