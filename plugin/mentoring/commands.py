"""``lantern match …``: the same engine for people who still live in spreadsheets."""

import json
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from plugin.kernel.i18n import use_locale
from plugin.kernel.ports import SystemClock
from plugin.mentoring import matching as engine
from plugin.mentoring import samples, spreadsheets, wording
from plugin.mentoring.availability import monday_after

LARGEST = 200_000_000
_as_json = click.option("--json", "as_json", is_flag=True, help="Answer for a program.")
_readable = click.Path(exists=True, dir_okay=False, path_type=Path)
_writable = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("match")
def cli() -> None:
    """Compute and check matchings from spreadsheets; no database is touched."""


@cli.command("solve")
@click.option("--mentees", required=True, type=_readable, help="CSV of those who want a mentor.")
@click.option("--mentors", required=True, type=_readable, help="CSV of those who offer time.")
@click.option("--policy", type=_readable, help="TOML with rules and weights.")
@click.option("--out", required=True, type=_writable, help="CSV of pairs that is written.")
@click.option("--report", type=_writable, help="JSON that 'lantern match verify' reads.")
@click.option("--seed", default=0, show_default=True, help="Decides between equals.")
@_as_json
def solve(
    mentees: Path,
    mentors: Path,
    policy: Path | None,
    out: Path,
    report: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """Find the best overall matching and write it down, with the proof that none is better."""
    problem = _problem(mentees, mentors, policy, seed)
    bar = _Bar(as_json)
    try:
        proposal = engine.propose(problem, bar)
    except engine.TooManyPairsError as error:
        raise click.ClickException(str(error)) from error
    plain, result = engine.snapshot(problem), engine.result(proposal)
    bar("checking")
    faults = engine.check(plain, result)
    bar.end()
    if faults:
        raise click.ClickException(f"the checker refuses the result: {faults[0].detail}")
    _write(out, _pairs(proposal))
    if report is not None:
        whole = {"snapshot": plain, "result": result}
        whole["unmatched"] = {one.mentee: one.plain() for one in proposal.unmatched}
        _write(report, json.dumps(whole, indent=1))
    facts = {
        "pairs": len(proposal.pairs),
        "left_over": len(proposal.unmatched),
        "value": proposal.certificate.value,
        "bound": proposal.certificate.bound,
        "compared": proposal.certificate.compared,
        "floor": proposal.certificate.floor,
        "solver": proposal.solver,
        "out": str(out),
    }
    text = (
        f"{facts['pairs']} pairs, {facts['left_over']} left over, written to {out}.\n"
        f"No better overall matching exists: {facts['compared']:,} pairs compared, "
        f"worth {facts['value']:,} of at most {facts['bound']:,}."
    )
    click.echo(json.dumps(facts) if as_json else text)


@cli.command("verify")
@click.argument("report", type=_readable)
@_as_json
def verify(report: Path, as_json: bool) -> None:
    """Check a report with a program that shares no code with the solver; exit 1 for faults."""
    try:
        found = json.loads(report.read_text(encoding="utf-8"))
        faults = engine.check(found["snapshot"], found["result"])
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise click.ClickException(f"{report} is no report of 'lantern match solve'") from error
    facts = {"ok": not faults, "faults": [vars(fault) for fault in faults[:100]]}
    lines = [f"{fault.code}: {fault.detail}" for fault in faults[:100]]
    good = "Allowed, counted rightly, and no better overall matching exists."
    click.echo(json.dumps(facts) if as_json else "\n".join(lines or [good]))
    raise SystemExit(1 if faults else 0)


@cli.command("sample")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_as_json
def sample(folder: Path, as_json: bool) -> None:
    """Write mentees.csv, mentors.csv and policy.toml to start from."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in samples.FILES:
        if (folder / name).exists():
            raise click.ClickException(f"{folder / name} is there already; nothing was written")
    for name, text in samples.FILES.items():
        _write(folder / name, text)
    command = "lantern match solve --mentees mentees.csv --mentors mentors.csv"
    text = f"Written to {folder}. Now: {command} --policy policy.toml --out pairs.csv"
    click.echo(
        json.dumps({"folder": str(folder), "files": list(samples.FILES)}) if as_json else text
    )


def _pairs(proposal: engine.Proposal) -> str:
    """The table of pairs, with reasons in English and hours in UTC."""
    now = SystemClock().now()

    def reasons(found: Sequence[engine.Reason], mentee: str, mentor: str) -> list[str]:
        return wording.reasons_text([one.plain() for one in found], mentee, mentor, "UTC", now)

    def why_not(person: engine.Unmatched) -> str:
        cause = wording.cause_text(person.cause, person.params)
        change = wording.change_text(person.change, person.change_params, "UTC", now)
        return f"{cause} {change}".strip()

    with use_locale("en"):
        return spreadsheets.pairs_table(proposal, reasons, why_not)


def _problem(mentees: Path, mentors: Path, policy: Path | None, seed: int) -> engine.Problem:
    monday = monday_after(SystemClock().now().date())
    left = spreadsheets.read_table(_text(mentees), "mentees", spreadsheets.MENTEE, monday)
    right = spreadsheets.read_table(_text(mentors), "mentors", spreadsheets.MENTOR, monday)
    errors = [*left.errors, *right.errors]
    if not errors:
        errors = spreadsheets.check_references(left, right)
    if errors:
        lines = [str(error) for error in errors[: spreadsheets.MOST_ERRORS]]
        raise click.ClickException("Nothing was matched.\n" + "\n".join(lines))
    return engine.Problem(
        mentees=tuple(left.people),
        mentors=tuple(right.people),
        policy=_policy(policy),
        apart=frozenset(left.apart),
        seed=seed,
        running=frozenset(left.running),
        earlier=tuple(left.earlier),
    )


def _policy(path: Path | None) -> engine.Policy:
    if path is None:
        return engine.Policy()
    try:
        typed = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise click.ClickException(f"{path}: {error}") from error
    known = {one.name: one.default for one in fields(engine.Policy)}
    for name, value in typed.items():
        if name not in known:
            raise click.ClickException(f"{path}: '{name}' is unknown; known: {', '.join(known)}")
        typed[name] = _checked(f"{path}: {name}", value, known[name])
    return engine.Policy(**typed)


def _checked(where: str, value: Any, default: Any) -> Any:
    """A value of the same kind as the default, in the engine's range."""
    if isinstance(default, engine.Aim):
        if value not in list(engine.Aim):
            raise click.ClickException(f"{where} is one of {', '.join(engine.Aim)}")
        return engine.Aim(value)
    if isinstance(default, bool) or isinstance(value, bool):
        if type(value) is not type(default):
            raise click.ClickException(f"{where} is true or false, or a number, as in the sample")
        return value
    numbers = value if isinstance(default, tuple) and isinstance(value, list) else [value]
    if isinstance(default, tuple) and len(numbers) != len(default):
        raise click.ClickException(f"{where} is a list of {len(default)} numbers")
    if not all(isinstance(x, int) and 0 <= x <= 1_000_000 for x in numbers):
        raise click.ClickException(f"{where} is a whole number from 0 to 1000000")
    if where.endswith("_enough") and value < 1:
        raise click.ClickException(f"{where} is at least 1")
    return tuple(numbers) if isinstance(default, tuple) else value


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise click.ClickException(f"{path} is larger than {LARGEST} bytes")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} is not UTF-8: save it as 'CSV UTF-8'") from error


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


class _Bar:
    """One line that is written over, on the error stream and only for a person who watches."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet or not sys.stderr.isatty()

    def __call__(self, step: str, share: float = 0.0) -> None:
        if not self._quiet:
            text = str(wording.STEPS.get(step, step))
            click.echo(f"\r{text:<50} {100 * share:3.0f} %", nl=False, err=True)

    def end(self) -> None:
        if not self._quiet:
            click.echo(err=True)
