"""The doctor: it looks at everything, says how to mend it, and never falls over what is broken."""

import json
import socketserver
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

import plugin.cli
from plugin.kernel import doctor, migrate, schedules
from plugin.kernel.dispatch import Dispatcher, every
from plugin.kernel.doctor import Finding, Verdict, examine
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.ids import new_id
from plugin.kernel.mail import SmtpMailer
from plugin.kernel.outbox import Delivery, OutboxMessage
from plugin.kernel.schedules import ScheduleRow
from plugin.kernel.services import Services
from tests.support.clock import FixedClock


def found(findings: Iterable[Finding], subject: str) -> list[tuple[Verdict, str]]:
    return [(one.verdict, one.text) for one in findings if one.subject == subject]


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"LANTERN_DATA_FOLDER": str(folder), "LANTERN_DATABASE_URL": "", **more}


@pytest.mark.parametrize(
    ("more", "mend"),
    [
        ({}, "run 'lantern db upgrade'"),
        (
            {"LANTERN_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"},
            "start it, or correct LANTERN_DATABASE_URL",
        ),
        (
            {"LANTERN_DATABASE_URL": "sqlite:////nowhere/at/all.db"},
            "start it, or correct LANTERN_DATABASE_URL",
        ),
    ],
)
def test_a_missing_database_is_one_finding_and_the_rest_is_still_looked_at(
    tmp_path: Path, more: dict[str, str], mend: str
) -> None:
    runner = CliRunner(env=environment(tmp_path, **more))
    result = runner.invoke(plugin.cli.main, ["doctor", "--json"])
    assert result.exit_code == 1
    findings = json.loads(result.stdout)
    assert [one["mend"] for one in findings if one["verdict"] == "bad"] == [mend]
    assert {one["subject"] for one in findings} >= {"database", "jobs", "keys", "mail", "address"}


@pytest.mark.parametrize("command", [["admin", "invite"], ["lti", "list"], ["discourse", "list"]])
def test_a_command_without_tables_says_so_in_one_line(tmp_path: Path, command: list[str]) -> None:
    result = CliRunner(env=environment(tmp_path)).invoke(plugin.cli.main, command)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    (line,) = result.stderr.strip().splitlines()
    assert "'lantern doctor' says how to mend it" in line


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_on_tables_of_another_version(tmp_path: Path, command: str) -> None:
    result = CliRunner(env=environment(tmp_path)).invoke(plugin.cli.main, [command])
    assert result.exit_code == 1
    assert "run 'lantern db upgrade'" in result.stderr


def test_an_upgraded_database_is_good(tmp_path: Path) -> None:
    runner = CliRunner(env=environment(tmp_path))
    assert runner.invoke(plugin.cli.main, ["db", "upgrade"]).exit_code == 0
    result = runner.invoke(plugin.cli.main, ["doctor", "--json"])
    verdicts = {one["subject"]: one["verdict"] for one in json.loads(result.stdout)}
    assert verdicts["database"] == "good"
    assert verdicts["worker"] == "warn"  # none has worked yet
    assert result.exit_code == 0


def test_a_check_that_fails_itself_hides_no_other(services: Services) -> None:
    def check_clocks(_services: Services) -> Iterable[Finding]:
        raise TypeError("naive")

    def check_rest(_services: Services) -> Iterable[Finding]:
        yield Finding("rest", Verdict.GOOD, "fine")

    findings = examine(services, (check_clocks, check_rest))
    assert found(findings, "clocks") == [(Verdict.BAD, "could not be checked: TypeError")]
    assert found(findings, "rest") == [(Verdict.GOOD, "fine")]


def test_a_worker_that_stopped_is_missed(services: Services, clock: FixedClock) -> None:
    assert found(doctor.check_outbox(services), "worker")[0][0] is Verdict.WARN
    working = replace(
        services, dispatcher=Dispatcher(schedules=(every(timedelta(minutes=1), "t", _nothing),))
    )
    assert schedules.run_due(working) == 1
    assert found(doctor.check_outbox(services), "worker") == [(Verdict.GOOD, "does what is due")]
    clock.advance(minutes=31)
    assert found(doctor.check_outbox(services), "worker") == [
        (Verdict.BAD, "none has worked for 30 minutes")
    ]


def _nothing(_services: Services) -> None:
    """A schedule with nothing to do."""


def test_a_schedule_that_fails_is_told_with_its_reason(services: Services) -> None:
    with services.units.system() as uow:
        uow.session.add(ScheduleRow(name="t", next_run_at=uow.now(), last_error="OSError: full"))
        uow.commit()
    ((verdict, text),) = found(doctor.check_outbox(services), "schedule t")
    assert verdict is Verdict.WARN
    assert "OSError: full" in text


def test_what_is_due_and_not_done_is_told_and_a_bundle_for_the_morning_is_not(
    services: Services, clock: FixedClock
) -> None:
    _wait(services, clock, due=clock.now() + timedelta(hours=9))
    clock.advance(hours=1)
    assert found(doctor.check_outbox(services), "outbox") == []
    clock.advance(hours=8, minutes=20)
    assert found(doctor.check_outbox(services), "outbox") == [
        (Verdict.BAD, "what was due 20 minutes ago is not carried out")
    ]


def _wait(services: Services, clock: FixedClock, *, due: object) -> None:
    with services.units.system() as uow:
        message = OutboxMessage(
            id=new_id(), community_id=new_id(), name="x.y.z.v1", payload={}, reference="",
            created_at=clock.now(),
        )  # fmt: skip
        uow.session.add(message)
        uow.session.flush()
        uow.session.add(Delivery(message_id=message.id, subscriber="x.y", next_attempt_at=due))
        uow.commit()


def test_an_older_database_is_told_apart_from_a_newer(tmp_path: Path) -> None:
    runner = CliRunner(env=environment(tmp_path))
    runner.invoke(plugin.cli.main, ["db", "upgrade"])
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'lantern.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'older'"))
    engine.dispose()
    result = runner.invoke(plugin.cli.main, ["doctor"])
    assert f"its tables are at older, this version needs {migrate.head()}" in result.output


class _Smtp(socketserver.StreamRequestHandler):
    """Enough of a mail server to be greeted."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line.strip().upper()
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            if word == b"QUIT":
                return


@contextmanager
def mail_server() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_the_mail_server_is_asked(services: Services) -> None:
    with mail_server() as port:
        there = SmtpMailer(f"smtp://127.0.0.1:{port}")
        settings = replace(services.settings, mail_url="smtp://there")  # type: ignore[type-var]
        asked = replace(services, settings=settings, mailer=there)
        (finding,) = doctor.check_mail(asked)
        assert (finding.verdict, finding.text) == (Verdict.GOOD, f"127.0.0.1:{port} answers")
    (finding,) = doctor.check_mail(asked)
    assert finding.verdict is Verdict.BAD
    assert "LANTERN_MAIL_URL" in finding.mend


def test_a_password_is_not_sent_bare_when_the_server_is_asked() -> None:
    with mail_server() as port:
        mailer = SmtpMailer(f"smtp://user:secret@127.0.0.1:{port}")
        with pytest.raises(RemoteCallFailed, match="SMTPNotSupportedError"):
            mailer.check()
