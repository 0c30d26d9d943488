"""The three walks lead through files that exist, at most eight each, each entered once."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def walks() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for section in (ROOT / "plugin/docs/walks.md").read_text().split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        found[title] = re.findall(r"^\d+\. `([^`]+)`", text, re.MULTILINE)
    return found


def test_each_walk_is_short_and_enters_a_file_once() -> None:
    assert len(walks()) == 3
    for title, files in walks().items():
        assert len(files) == len(set(files)) <= 8, title
        for file in files:
            assert (ROOT / file).is_file(), file


def test_leaves_exist() -> None:
    text = (ROOT / "plugin/docs/walks.md").read_text()
    for name in re.findall(r"`((?:plugin|lti|discourse_hooks)/[^`]+)`", text):
        assert (ROOT / name).exists(), name
