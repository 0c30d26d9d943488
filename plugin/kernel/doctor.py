"""Findings of `lantern doctor`: what was checked, how it stands, and how to mend it."""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from plugin.kernel import migrate, outbox
from plugin.kernel.crypto import VaultLocked
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.outbox import Delivery, DeliveryState
from plugin.kernel.schedules import ScheduleRow
from plugin.kernel.telemetry import get_logger

if TYPE_CHECKING:
    from plugin.kernel.services import Services

log = get_logger(__name__)
LATE = timedelta(minutes=15)


class Verdict(enum.Enum):
    """How a check came out."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the report; ``mend`` says what to do and is empty when all is well."""

    subject: str
    verdict: Verdict
    text: str
    mend: str = ""


Check = Callable[["Services"], Iterable[Finding]]


def examine(services: "Services", checks: Iterable[Check]) -> list[Finding]:
    """Return every finding; a check that fails itself is a finding, and the others go on.

    Without a usable database most checks cannot look; that is said once, not by each of them.
    """
    findings: list[Finding] = []
    for check in checks:
        try:
            findings.extend(check(services))
        except sa.exc.SQLAlchemyError as error:
            if not any(f.subject == "database" and f.verdict is Verdict.BAD for f in findings):
                findings.append(_unusable(error))
        except Exception as error:  # whatever it is, the operator has other findings to read
            name = check.__name__.removeprefix("check_")
            log.exception("a check failed", check=name)
            findings.append(
                Finding(
                    name,
                    Verdict.BAD,
                    f"could not be checked: {type(error).__name__}",
                    "this is a fault of Lantern: report it with the lines logged above",
                )
            )
    return findings


def check_database(services: "Services") -> Iterable[Finding]:
    """The database answers and its tables are those of this version."""
    engine = services.units.engine
    try:
        at, newest = migrate.current(engine), migrate.head()
    except sa.exc.SQLAlchemyError as error:
        yield _unusable(error)
        return
    if at != newest:
        yield Finding(
            "database",
            Verdict.BAD,
            f"{engine.dialect.name}: its tables are at {at or 'nothing yet'}, "
            f"this version needs {newest}",
            "run 'lantern db upgrade'",
        )
        return
    yield Finding("database", Verdict.GOOD, f"{engine.dialect.name} at {at}")


def _unusable(error: sa.exc.SQLAlchemyError) -> Finding:
    reason = reason_of(error)
    return Finding("database", Verdict.BAD, reason, "start it, or correct LANTERN_DATABASE_URL")


def reason_of(error: sa.exc.SQLAlchemyError) -> str:
    """Return what the driver says, in one line: neither the statement nor what was in it."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return f"{type(cause).__name__}: {lines[0]}" if lines else type(cause).__name__


def check_outbox(services: "Services") -> Iterable[Finding]:
    """Nothing is set aside, and what is due is carried out."""
    with services.units.system_reading() as uow:
        parked = uow.session.scalar(
            sa.select(sa.func.count()).where(Delivery.state == DeliveryState.PARKED)
        )
        oldest, now = outbox.oldest_due(uow.session, now=uow.now()), uow.now()
        schedules = uow.session.scalars(sa.select(ScheduleRow)).all()
    if parked:
        yield Finding(
            "outbox",
            Verdict.WARN,
            f"{parked} deliveries are parked",
            "open Administration, Deliveries: read the reason, mend it, try again",
        )
    if oldest is not None and now - oldest > LATE:
        yield Finding(
            "outbox",
            Verdict.BAD,
            f"what was due {minutes_of(now - oldest)} minutes ago is not carried out",
            "start 'lantern serve' or 'lantern worker', or more of them",
        )
    yield from _schedules(schedules, now)


def _schedules(rows: Iterable[ScheduleRow], now: datetime) -> Iterable[Finding]:
    """A worker looks every second; schedules that nobody ran show that there is none."""
    known = list(rows)
    overdue = [row for row in known if now - row.next_run_at > LATE]
    mend = "start 'lantern serve' or 'lantern worker'"
    if not known:
        yield Finding("worker", Verdict.WARN, "none has worked here yet", mend)
    elif overdue:
        since = minutes_of(now - min(row.next_run_at for row in overdue))
        yield Finding("worker", Verdict.BAD, f"none has worked for {since} minutes", mend)
    else:
        yield Finding("worker", Verdict.GOOD, "does what is due")
    for row in known:
        if row.last_error:
            yield Finding(
                f"schedule {row.name}",
                Verdict.WARN,
                f"failed the last time it ran: {row.last_error}",
                "read the worker's log; it is tried again by itself",
            )


def minutes_of(span: timedelta) -> int:
    """Return whole minutes."""
    return int(span.total_seconds() // 60)


def check_jobs(services: "Services") -> Iterable[Finding]:
    """The job store answers."""
    try:
        waiting = services.jobs.check()
    except Exception as error:  # any store, any driver
        yield Finding(
            "jobs", Verdict.BAD, type(error).__name__, "check LANTERN_JOBS_URL and the store"
        )
    else:
        yield Finding("jobs", Verdict.GOOD, f"{waiting} wakes wait")


def check_keys(services: "Services") -> Iterable[Finding]:
    """The vault seals and opens."""
    try:
        services.vault.open(services.vault.seal(b"probe"))
    except VaultLocked as error:
        yield Finding("keys", Verdict.BAD, str(error), "restore LANTERN_SECRET_KEYS")
        return
    if services.settings.secret_keys or services.settings.practice:
        yield Finding("keys", Verdict.GOOD, "secrets can be sealed and opened")
    else:
        yield Finding(
            "keys",
            Verdict.WARN,
            "the key file stands beside the data it protects",
            "set LANTERN_SECRET_KEYS from a place of its own and keep a copy",
        )


def check_mail(services: "Services") -> Iterable[Finding]:
    """Mail leaves the machine: the server answers and lets us in."""
    try:
        where = services.mailer.check()
    except RemoteCallFailed as failure:
        yield Finding(
            "mail",
            Verdict.BAD,
            str(failure),
            "check LANTERN_MAIL_URL, and that this machine may reach the server",
        )
        return
    if services.settings.mail_url or services.settings.practice:
        yield Finding("mail", Verdict.GOOD, where)
    else:
        yield Finding(
            "mail",
            Verdict.WARN,
            f"{where}: nobody receives it",
            "set LANTERN_MAIL_URL=smtp://user:password@host:587",
        )


CHECKS: tuple[Check, ...] = (check_database, check_outbox, check_jobs, check_keys, check_mail)
