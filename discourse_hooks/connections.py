"""Finding and making connections: secrets are sealed in rows and opened only into these values."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

import sqlalchemy as sa

from discourse_hooks.models import Connection
from discourse_hooks.signature import SHORTEST_SECRET, acceptable_secret
from plugin.kernel.errors import Invalid, NotFound
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.kernel.urls import is_host

if TYPE_CHECKING:
    from plugin.kernel.services import Services

REMEMBERED_SECONDS = 5.0


@dataclass(frozen=True)
class Forum:
    """A connection ready for use; secrets stay out of its repr, and so out of logs."""

    id: UUID
    handle: str
    community_id: UUID
    base_url: str
    title: str
    api_username: str
    quiet: bool
    calls_per_minute: int
    bot_user_id: int | None
    badges_possible: bool | None
    wide_key: bool
    pilot_category_id: int | None
    pilot_people: int
    webhook_secrets: tuple[str, ...] = field(repr=False)
    connect_secret: str = field(repr=False)
    api_key: str = field(repr=False)

    @property
    def pilot(self) -> bool:
        """Whether only a few people in one category take part."""
        return self.pilot_people > 0

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    def owns(self, url: str) -> bool:
        """Whether the URL is a page of this forum."""
        return url.startswith(self.base_url + "/")


@dataclass(frozen=True)
class Credentials:
    """What an administrator enters to connect a forum."""

    base_url: str
    webhook_secret: str = field(repr=False)
    connect_secret: str = field(repr=False)
    api_key: str = field(repr=False)
    api_username: str


def opened(services: Services, row: Connection) -> Forum:
    """The row with its secrets opened."""
    return Forum(
        id=row.id,
        handle=row.handle,
        community_id=row.community_id,
        base_url=row.base_url,
        title=row.title,
        api_username=row.api_username,
        quiet=row.quiet,
        calls_per_minute=row.calls_per_minute,
        bot_user_id=row.bot_user_id,
        badges_possible=row.badges_possible,
        wide_key=any(what == "wide" for what, *_rest in row.check_found or ()),
        pilot_category_id=row.pilot_category_id,
        pilot_people=row.pilot_people,
        webhook_secrets=tuple(services.vault.open(text).decode() for text in row.webhook_secrets),
        connect_secret=services.vault.open(row.connect_secret).decode(),
        api_key=services.vault.open(row.api_key).decode(),
    )


def by_handle(services: Services, handle: str) -> Forum | None:
    """The connection a URL names."""
    with services.units.system_reading() as uow:
        row = uow.session.scalar(sa.select(Connection).where(Connection.handle == handle))
    return opened(services, row) if row else None


def remembered(services: Services, handle: str, *, afresh: bool = False) -> Forum | None:
    """The same, kept by this process for some seconds: the webhook door asks for each delivery.

    A handle that names nothing is not remembered: anybody can make such up.
    """
    kept: dict[str, tuple[float, Forum]] = services.extra.setdefault("discourse_hooks.forums", {})
    found = kept.get(handle)
    if found is not None and not afresh and time.monotonic() - found[0] < REMEMBERED_SECONDS:
        return found[1]
    forum = by_handle(services, handle)
    if forum is None:
        kept.pop(handle, None)
    else:
        kept[handle] = (time.monotonic(), forum)
    return forum


def by_id(services: Services, connection_id: UUID) -> Forum | None:
    """The connection a row names."""
    with services.units.system_reading() as uow:
        row = uow.session.get(Connection, connection_id)
    return opened(services, row) if row else None


def of_community(services: Services, community_id: UUID) -> tuple[Forum, ...]:
    """All forums of a community, oldest first."""
    with services.units.system_reading() as uow:
        rows = uow.session.scalars(
            sa.select(Connection)
            .where(Connection.community_id == community_id)
            .order_by(Connection.id)
        ).all()
    return tuple(opened(services, row) for row in rows)


def all_of_them(services: Services) -> tuple[Forum, ...]:
    """Every connection of this installation."""
    with services.units.system_reading() as uow:
        rows = uow.session.scalars(sa.select(Connection).order_by(Connection.id)).all()
    return tuple(opened(services, row) for row in rows)


def connect(
    uow: UnitOfWork,
    services: Services,
    community_id: UUID,
    entered: Credentials,
    *,
    title: str,
    quiet: bool,
    calls_per_minute: int = 40,
) -> Connection:
    """Connect a forum, or renew what was entered for it (unique: community, base URL).

    A changed webhook secret becomes valid beside the one before it, until the next change.
    ``quiet`` is how a new connection begins; one that exists stays as it is.
    """
    base_url = _checked(entered)
    row = uow.session.scalar(
        sa.select(Connection).where(
            Connection.community_id == community_id, Connection.base_url == base_url
        )
    )
    if row is None:
        row = Connection(
            community_id=community_id,
            base_url=base_url,
            webhook_secrets=[services.vault.seal(entered.webhook_secret.encode())],
            quiet=quiet,
            created_at=uow.now(),
        )
        uow.session.add(row)
    else:
        _add_secret(services, row, entered.webhook_secret)
    row.title = title or urlsplit(base_url).netloc
    row.connect_secret = services.vault.seal(entered.connect_secret.encode())
    if not row.api_key or services.vault.open(row.api_key).decode() != entered.api_key:
        row.api_key = services.vault.seal(entered.api_key.encode())
        row.key_entered_at = uow.now()
    row.api_username = entered.api_username
    row.calls_per_minute = calls_per_minute
    uow.session.flush()
    uow.audit("discourse_hooks.connection.saved", actor=None, subject=f"connection:{row.handle}")
    return row


def _add_secret(services: Services, row: Connection, secret: str) -> None:
    known = [services.vault.open(text).decode() for text in row.webhook_secrets]
    if secret not in known:
        row.webhook_secrets = [services.vault.seal(secret.encode()), *row.webhook_secrets[:1]]


def set_quiet(uow: UnitOfWork, handle: str, *, quiet: bool, actor: UUID | None = None) -> None:
    """Switch posting to a forum off or on, for everybody; a pilot ends with it."""
    row = _row(uow, handle)
    row.quiet, row.pilot_category_id, row.pilot_people = quiet, None, 0
    action = "discourse_hooks.connection." + ("silenced" if quiet else "switched_on")
    uow.audit(action, actor=actor, subject=f"connection:{handle}")


def start_pilot(
    uow: UnitOfWork, handle: str, *, category_id: int, people: int, actor: UUID | None = None
) -> None:
    """Switch posting on for so many people, and look at one category only."""
    row = _row(uow, handle)
    row.quiet, row.pilot_category_id, row.pilot_people = False, category_id, people
    uow.audit("discourse_hooks.connection.pilot", actor=actor, subject=f"connection:{handle}")


def change_webhook_secret(
    uow: UnitOfWork, services: Services, handle: str, secret: str, *, actor: UUID | None = None
) -> None:
    """A further secret becomes valid; the one before it stays so until the next change."""
    if not acceptable_secret(secret):
        raise Invalid(
            "discourse_hooks.secret_short",
            _("The webhook secret needs at least %(count)s characters.", count=SHORTEST_SECRET),
        )
    _add_secret(services, _row(uow, handle), secret)
    uow.audit("discourse_hooks.connection.secret", actor=actor, subject=f"connection:{handle}")


def _row(uow: UnitOfWork, handle: str) -> Connection:
    row = uow.session.scalar(sa.select(Connection).where(Connection.handle == handle))
    if row is None:
        raise NotFound("discourse_hooks.no_connection", _("There is no such forum connection."))
    return row


def _checked(entered: Credentials) -> str:
    wrong: dict[str, str] = {}
    parts = _parts(entered.base_url.strip())
    if parts.scheme not in {"http", "https"} or not is_host(parts.hostname) or parts.query:
        wrong["base_url"] = _("Enter the address of the forum, beginning with https://.")
    if not acceptable_secret(entered.webhook_secret):
        wrong["webhook_secret"] = _(
            "The webhook secret needs at least %(count)s characters.", count=SHORTEST_SECRET
        )
    if len(entered.connect_secret) < SHORTEST_SECRET:
        wrong["connect_secret"] = _(
            "The DiscourseConnect secret needs at least %(count)s characters.",
            count=SHORTEST_SECRET,
        )
    if not entered.api_key.strip():
        wrong["api_key"] = _("Enter the API key that the forum showed once.")
    if not entered.api_username.strip():
        wrong["api_username"] = _("Enter the user name of the account that posts for Lantern.")
    if wrong:
        message = _("The forum connection cannot be saved like this.")
        raise Invalid("discourse_hooks.connection_invalid", message, wrong)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def _parts(address: str) -> SplitResult:
    """The parts of an address; none of one that cannot be called or that carries a password."""
    try:
        parts = urlsplit(address)
        usable = parts.port != 0 and parts.username is None and "\\" not in address
    except ValueError:  # brackets that do not close, a port that is none
        usable = False
    return parts if usable else urlsplit("")
