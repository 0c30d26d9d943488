"""Matching from spreadsheets: the columns, each mistake by row and column, the way through."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugin.cli import main
from plugin.mentoring import spreadsheets
from plugin.mentoring.matching import Offer, Wish

MONDAY = date(2026, 11, 30)
HEADER = "id,languages,hours,wants\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["match", *map(str, arguments)])


def read(text: str) -> spreadsheets.Table:
    return spreadsheets.read_table(text, "mentees", spreadsheets.MENTEE, MONDAY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert run("sample", tmp_path).exit_code == 0
    return tmp_path


def solve(folder: Path, *more: str | Path) -> Result:
    return run(
        "solve",
        *("--mentees", folder / "mentees.csv", "--mentors", folder / "mentors.csv"),
        *("--policy", folder / "policy.toml", "--out", folder / "pairs.csv"),
        *more,
    )


def test_a_row_is_read_with_its_defaults() -> None:
    found = read(
        "\ufeffID,Languages,Time_Zone,Hours,Wants,Apart\n"
        "Ana,EN; de,Asia/Kolkata,Mon 08-10; Sunday 23-24,SQL:1:3; python,Bo; Cy\n\n"
    )
    assert found.errors == []
    (ana,) = found.people
    assert ana.languages == {"en", "de"}
    assert ana.wants == (Wish("sql", 1, 3), Wish("python", 0, 1))
    # 8:00 in Kolkata is 2:30 UTC; Sunday 23:00 there is 17:30 UTC
    assert sorted(ana.slots) == [5, 6, 7, 8, 6 * 48 + 35, 6 * 48 + 36]
    assert found.apart == [("Ana", "Bo"), ("Ana", "Cy")]
    mentors = spreadsheets.read_table(
        "id,languages,hours,offers,places\nBo,en,Tue 9-10,sql,\n",
        "mentors",
        spreadsheets.MENTOR,
        MONDAY,
    )
    assert mentors.people[0].offers == (Offer("sql", 3),)
    assert mentors.people[0].places == 1


@pytest.mark.parametrize(
    ("rows", "column", "words"),
    [
        (",en,Mon 8-10,", "id", "every row needs an id"),
        ("a,,Mon 8-10,", "languages", "at least one language"),
        ("a,en,Mon 10-8,", "hours", "does not end after it begins"),
        ("a,en,Someday,", "hours", "no"),
        ("a,en,Mon 8-10,sql:9", "wants", "whole number from 0 to 4"),
        ("a,en,Mon 8-10,sql:1:2:3", "wants", "skill:level:priority"),
        ("a,en,Mon 8-10,sql; SQL", "-", "a skill is wanted twice"),
        ("a,en,Mon 8-10,sql:1:0", "-", "a priority"),
        ("a,en,Mon 8-10,sql,more", "-", "more cells than columns"),
        ("a,en,Mon 8-10,\na,en,Mon 8-10,", "id", "stands in row 2 already"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(rows: str, column: str, words: str) -> None:
    error = read(HEADER + rows + "\n").errors[-1]
    assert (error.table, error.column) == ("mentees", column)
    assert error.row == (3 if "\n" in rows else 2)
    assert words in error.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,languages\n", "hours: this column is missing"),
        ("id,languages,hours,skills\n", "skills: unknown; the columns are"),
        ("id,id,languages,hours\n", "a column is there twice"),
        ("", "id: this column is missing"),
        (HEADER + 'a,en,"Mon 8-10', "unexpected end of data"),
    ],
)
def test_a_broken_header_or_file(text: str, words: str) -> None:
    assert words in "\n".join(map(str, read(text).errors))


def test_from_the_sample_to_checked_pairs(folder: Path) -> None:
    answer = solve(folder, "--report", folder / "report.json", "--json")
    assert answer.exit_code == 0, answer.output
    facts = json.loads(answer.output)
    assert facts["value"] == facts["bound"] > 0
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == facts["pairs"] + facts["left_over"] == 6
    assert all(bool(row["mentor"]) != bool(row["why_not"]) for row in rows)
    assert next(row["mentor"] for row in rows if row["mentee"] == "Elif") != "Petra"
    verdict = run("verify", folder / "report.json", "--json")
    assert (verdict.exit_code, json.loads(verdict.output)) == (0, {"ok": True, "faults": []})


def test_a_tampered_report_is_refused(folder: Path) -> None:
    solve(folder, "--report", folder / "report.json")
    report = json.loads((folder / "report.json").read_text())
    report["result"]["pairs"][0][2] += 1
    (folder / "report.json").write_text(json.dumps(report))
    verdict = run("verify", folder / "report.json")
    assert verdict.exit_code == 1
    assert verdict.output.startswith("score: ")


@pytest.mark.parametrize("text", ["[]", "{}", "no json", '{"snapshot": 1, "result": {}}'])
def test_something_else_than_a_report(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    verdict = run("verify", tmp_path / "x.json")
    assert verdict.exit_code == 1
    assert "is no report" in verdict.output
    assert "Traceback" not in verdict.output


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("speed = 3", "'speed' is unknown; known: minimum_common_slots"),
        ('aim = "fun"', "is one of total, floor, load"),
        ("skills = -1", "whole number from 0 to 1000000"),
        ("require_skill = 1", "true or false"),
        ("hours_enough = 0", "at least 1"),
        ("nearness = [1]", "a list of 5 numbers"),
        ("skills = ", "policy.toml"),
    ],
)
def test_a_wrong_policy(folder: Path, line: str, words: str) -> None:
    (folder / "policy.toml").write_text(line)
    answer = solve(folder)
    assert answer.exit_code == 1
    assert words in answer.output
    assert not (folder / "pairs.csv").exists()


@pytest.mark.parametrize("aim", ["floor", "load"])
def test_the_other_aims(folder: Path, aim: str) -> None:
    (folder / "policy.toml").write_text(f'aim = "{aim}"\nbalance = 5000')
    answer = solve(folder, "--report", folder / "report.json")
    assert answer.exit_code == 0, answer.output
    assert run("verify", folder / "report.json").exit_code == 0


def test_ids_that_nobody_has_and_formulas(folder: Path) -> None:
    (folder / "mentees.csv").write_text("id,languages,hours,apart\n=1+1,en,Mon 8-10,Nobody\n")
    assert "no mentor has the id 'Nobody'" in solve(folder).output
    (folder / "mentees.csv").write_text("id,languages,hours\n=1+1,en,Mon 8-10\n")
    assert solve(folder).exit_code == 0
    assert (folder / "pairs.csv").read_text().splitlines()[1].startswith("'=1+1,")


def test_a_file_in_another_encoding(folder: Path) -> None:
    (folder / "mentees.csv").write_bytes(
        "id,languages,hours\nJürgen,de,Mon 8-10\n".encode("latin-1")
    )
    answer = solve(folder)
    assert answer.exit_code == 1
    assert "is not UTF-8" in answer.output


def test_the_sample_writes_over_nothing(folder: Path) -> None:
    assert "is there already" in run("sample", folder).output
