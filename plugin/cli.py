"""The ``lantern`` command. Each feature and each extension brings its own group."""

import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from plugin.administration.setup import first_start_link
from plugin.app import Composition, compose, parts
from plugin.extension import installed
from plugin.kernel.crypto import VaultLocked, new_key
from plugin.kernel.doctor import Verdict, examine, reason_of
from plugin.kernel.errors import DomainError
from plugin.kernel.migrate import current, differences, head, revise, upgrade
from plugin.kernel.services import Services
from plugin.kernel.telemetry import configure_logging
from plugin.serve import PortTaken, require_free_port
from plugin.serve import serve as run
from plugin.settings import Settings, SettingsError, explain

MARKS = {Verdict.GOOD: "good", Verdict.WARN: "WARN", Verdict.BAD: "BAD "}


class Lantern(click.Group):
    """Turns refusals into one clear line and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, VaultLocked, LookupError, PortTaken) as error:
            raise click.ClickException(str(error)) from error
        except DomainError as error:
            raise click.ClickException(f"{error.message} ({error.code})") from error
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(
                f"the database cannot be used: {reason_of(error)}. "
                "'lantern doctor' says how to mend it."
            ) from error


@click.group(cls=Lantern, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lantern-mentoring")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Mentoring, peer review and micro-credentials inside the course and the forum."""
    settings = Settings.from_env(os.environ)
    configure_logging(settings.log_level, human=settings.log_human)
    made: list[Composition] = []

    def composition() -> Composition:
        if not made:
            made.append(compose(settings))
            ctx.call_on_close(made[0].services.units.engine.dispose)
        return made[0]

    ctx.obj = {"settings": settings, "composition": composition}


def composed(ctx: click.Context) -> Composition:
    """Return the composition; built only by commands that need it."""
    make: Callable[[], Composition] = ctx.obj["composition"]
    return make()


def answer(as_json: bool, facts: Any, text: str) -> None:
    """Print for a program or for a person."""
    click.echo(json.dumps(facts, default=str) if as_json else text)


json_option = click.option("--json", "as_json", is_flag=True, help="Answer for a program.")


@main.command()
@json_option
@click.pass_context
def serve(ctx: click.Context, as_json: bool) -> None:
    """Run the web and the worker process until interrupted."""
    services = composed(ctx).services
    _require_newest(services)
    link = first_start_link(services)
    settings: Settings = ctx.obj["settings"]
    require_free_port(settings)
    where = f"{settings.web_host}:{settings.web_port}"
    lines = [f"Set Lantern up here, once: {link}"] if link else []
    lines.append(f"Lantern listens on {where}, for everybody at {settings.base_url}")
    facts = {"listens": where, "url": settings.base_url, "set_up": link}
    answer(as_json, facts, "\n".join(lines))
    services.units.engine.dispose()  # the children open their own connections
    raise SystemExit(run(settings))


@main.command()
@json_option
@click.pass_context
def worker(ctx: click.Context, as_json: bool) -> None:
    """Run one background worker until interrupted; start as many as you like."""
    services = composed(ctx).services
    _require_newest(services)
    threads = services.settings.worker_threads
    if as_json:
        click.echo(json.dumps({"threads": threads}))  # for a person the log says so
    services.jobs.run_worker(services, threads=threads)


def _require_newest(services: Services) -> None:
    if current(services.units.engine) != head():
        raise click.ClickException("the database is not at this version: run 'lantern db upgrade'")


@main.command()
@json_option
@click.pass_context
def demo(ctx: click.Context, as_json: bool) -> None:
    """Run Lantern, a practice LMS and a practice forum with a community in them."""
    from plugin.practice.demo import run  # the practice servers, for this command only

    def say(text: str) -> None:
        answer(as_json, {"said": text}, text)

    def welcome(where: run.Addresses) -> None:
        answer(as_json, asdict(where), where.in_words())

    wanted = run.Wanted(ctx.obj["settings"].data_folder)
    raise SystemExit(run.demo(wanted, _said, say, welcome))


def _said(settings: dict[str, str], arguments: Sequence[str]) -> str:
    """Run a command in this process as an operator would; return what it printed."""
    os.environ.update(settings)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        main.main(list(arguments), prog_name="lantern", standalone_mode=False)
    return said.getvalue()


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@json_option
@click.pass_context
def db_upgrade(ctx: click.Context, as_json: bool) -> None:
    """Bring the database to the newest revision."""
    engine = composed(ctx).services.units.engine
    upgrade(engine)
    answer(as_json, {"revision": current(engine)}, f"The database is at {current(engine)}.")


@db.command("check")
@json_option
@click.pass_context
def db_check(ctx: click.Context, as_json: bool) -> None:
    """Say whether the database is at the newest revision and equal to the models."""
    list(parts("models"))
    engine = composed(ctx).services.units.engine
    at, newest = current(engine), head()
    drift = [str(item) for item in differences(engine)] if at == newest else []
    ok = at == newest and not drift
    answer(
        as_json,
        {"ok": ok, "at": at, "head": newest, "differences": drift},
        "The database is in step." if ok else f"at {at}, newest {newest}; {drift}",
    )
    sys.exit(0 if ok else 1)


@db.command("revision")
@click.argument("message")
@click.pass_context
def db_revision(ctx: click.Context, message: str) -> None:
    """Write a migration with what the models have more than the database."""
    list(parts("models"))
    revise(composed(ctx).services.units.engine, message)


@main.group()
def config() -> None:
    """Settings."""


@config.command("explain")
@json_option
@click.pass_context
def config_explain(ctx: click.Context, as_json: bool) -> None:
    """Show every setting: its value, its default and what it is for. Secrets stay hidden."""
    rows = explain(ctx.obj["settings"])
    if as_json:
        click.echo(json.dumps([vars(row) for row in rows]))
        return
    for row in rows:
        click.echo(f"{row.variable}={row.value}\n    {row.help} (default: {row.default or '-'})")


@config.command("new-key")
@json_option
def config_new_key(as_json: bool) -> None:
    """Print a fresh key for LANTERN_SECRET_KEYS."""
    key = new_key()
    answer(as_json, {"key": key}, key)


@main.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Check settings, database, jobs, mail, keys, each platform and forum; say how to mend."""
    made = composed(ctx)
    findings = examine(made.services, made.checks)
    if as_json:
        click.echo(
            json.dumps(
                [
                    {
                        "subject": f.subject,
                        "verdict": f.verdict.value,
                        "text": f.text,
                        "mend": f.mend,
                    }
                    for f in findings
                ]
            )
        )
    else:
        for f in findings:
            click.echo(f"{MARKS[f.verdict]}  {f.subject}: {f.text}")
            if f.mend:
                click.echo(f"      to mend: {f.mend}")
    sys.exit(1 if any(f.verdict is Verdict.BAD for f in findings) else 0)


def _add_groups() -> None:
    for part in parts("commands"):
        main.add_command(part.cli)
    for extension in installed():
        for command in extension.commands:
            main.add_command(command)


_add_groups()
