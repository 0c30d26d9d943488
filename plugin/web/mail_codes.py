"""Six digits by mail, in place of a password.

A code lives ten minutes and five tries; only a digest that also needs the waiting page's secret is
stored, so a stolen table gives no codes. An address gets at most five codes an hour. Sending
happens after the commit, in the request, because somebody is waiting for it.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel import limits
from plugin.kernel.errors import TooMany, Unavailable
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret, new_secret
from plugin.kernel.mail import one_line
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.web.models import WebMailCode

log = get_logger(__name__)
LASTS = timedelta(minutes=10)
TRIES = 5
AN_HOUR = timedelta(hours=1)
CODES_AN_HOUR = 5
CALLS_AN_HOUR = 30
_NO_CODE = "-"  # the digest of no code at all


@dataclass(frozen=True)
class Proof:
    """What a right code proves: this address, for that purpose."""

    purpose: str
    email: str
    display_name: str | None
    community_id: UUID | None
    person_id: UUID | None
    invitation_id: UUID | None
    next_path: str


def ask(services: Services, wanted: Proof, *, known: bool = True) -> str:
    """Mail a code and return the secret of the page that waits for it.

    ``known=False`` (an address nobody has here) sends nothing and looks the same from outside: its
    page waits for a code that does not exist, with the same tries and the same end.
    """
    _limit(services, wanted)
    waiting = new_secret()
    code = f"{secrets.randbelow(1_000_000):06d}"
    with services.units.system() as uow:
        uow.session.add(
            WebMailCode(
                waiting_hash=hash_secret(waiting),
                digest=_digest(waiting, code) if known else _NO_CODE,
                purpose=wanted.purpose,
                email=wanted.email,
                display_name=wanted.display_name,
                community_id=wanted.community_id,
                person_id=wanted.person_id,
                invitation_id=wanted.invitation_id,
                next_path=wanted.next_path,
                tries_left=TRIES,
                expires_at=uow.now() + LASTS,
            )
        )
        uow.commit()
    if known:
        _send(services, wanted.email, code)
    return waiting


def _limit(services: Services, wanted: Proof) -> None:
    """One address is sent so many codes an hour, and one person has so many sent to others."""
    key = f"web.code:{address_hash(wanted.email)}"
    if not limits.take(services.units, key, limit=CODES_AN_HOUR, per=AN_HOUR):
        raise TooMany(
            "too_many_codes",
            _("This address has been sent several codes already. Please wait an hour."),
            AN_HOUR,
        )
    key = f"web.code.person:{wanted.person_id}"
    if wanted.person_id is not None and not limits.take(
        services.units, key, limit=CALLS_AN_HOUR, per=AN_HOUR
    ):
        raise TooMany(
            "too_many_codes",
            _("Too many codes were asked for from here. Please wait an hour."),
            AN_HOUR,
        )


def answer(services: Services, waiting: str, code: str) -> Proof | None:
    """Check a code; a right one is used up, a wrong one costs a try. None: wrong or too late."""
    with services.units.system() as uow:
        row = uow.session.execute(
            sa.update(WebMailCode)
            .where(
                WebMailCode.waiting_hash == hash_secret(waiting),
                WebMailCode.expires_at > uow.now(),
                WebMailCode.tries_left > 0,
            )
            .values(tries_left=WebMailCode.tries_left - 1)
            .returning(WebMailCode.id, WebMailCode.digest)
        ).first()
        proof = None
        if row is not None and hmac.compare_digest(row.digest, _digest(waiting, code)):
            found = uow.session.get_one(WebMailCode, row.id)
            proof = Proof(
                found.purpose,
                found.email,
                found.display_name,
                found.community_id,
                found.person_id,
                found.invitation_id,
                found.next_path,
            )
            uow.session.delete(found)
        uow.commit()
    return proof


def tries_left(services: Services, waiting: str) -> int:
    """Return how often the waiting page may still be answered."""
    with services.units.system_reading() as uow:
        return (
            uow.session.scalar(
                sa.select(WebMailCode.tries_left).where(
                    WebMailCode.waiting_hash == hash_secret(waiting),
                    WebMailCode.expires_at > uow.now(),
                )
            )
            or 0
        )


def address_hash(email: str) -> str:
    """Return the hash under which an address is counted and found."""
    return hash_secret(email.strip().lower())


def send_plain(services: Services, to: str, subject: str, body: str) -> None:
    """Send one short mail at once; raise Unavailable when the mail server does not take it."""
    message = EmailMessage()
    message["From"] = services.settings.mail_from
    message["To"] = to
    message["Subject"] = one_line(subject)
    message["Date"] = services.clock.now()
    message["Message-ID"] = make_msgid(domain=urlsplit(services.settings.base_url).hostname)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    try:
        services.mailer.send(message)
    except RemoteCallFailed as failure:
        log.warning("mail was not taken", reason=failure.reason)
        raise Unavailable(
            "mail_failed",
            _("The mail could not be sent just now: the mail server did not take it."),
            timedelta(minutes=1),
        ) from failure


def forget_ended(uow: UnitOfWork) -> None:
    """Remove codes that have run out."""
    uow.session.execute(sa.delete(WebMailCode).where(WebMailCode.expires_at <= uow.now()))


def _send(services: Services, to: str, code: str) -> None:
    body = _(
        "Your code for Lantern is:\n\n    %(code)s\n\nType it on the page that you have open. It "
        "works for ten minutes.\n\nIf you did not ask for it, somebody has typed your address by "
        "mistake; you need not do anything.",
        code=code,
    )
    send_plain(services, to, _("%(code)s is your code for Lantern", code=code), body)


def _digest(waiting: str, code: str) -> str:
    digits = "".join(sign for sign in code if sign.isdigit())
    return hash_secret(f"{waiting}:{digits}")
