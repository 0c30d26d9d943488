"""Persons: admitted through a door, with an address they proved, as they call themselves."""

from uuid import UUID

from plugin.events.people import IdentityLinked, MemberAdmitted
from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _
from plugin.kernel.i18n import choose as choose_locale
from plugin.kernel.ids import new_id
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.models import (
    ExternalIdentity,
    Person,
)
from plugin.people.queries import (
    ZONE_SAID,
    ZONE_VERSION,
    PersonView,
    community,
    person,
    person_by_email,
    person_view,
    said_zone,
)
from plugin.people.services.identities import identity_row
from plugin.people.services.relations import consent


def admit(
    uow: UnitOfWork,
    *,
    issuer: str,
    subject: str,
    kind: str,
    display_name: str | None = None,
    email: str | None = None,
    locale: str | None = None,
    time_zone: str | None = None,
    username: str | None = None,
    present: bool = True,
) -> PersonView:
    """Return the person behind an account, made at first sight.

    A platform's name is shown while it is given: who goes by it loses it when a launch brings none,
    and who chose a name of their own keeps that. The same is true of an address that nobody
    confirmed; one is taken only while the person has none. ``present`` says that the person is
    here now (a launch), not only on a list (a roster). Whose platform tells no zone begins with the
    community's, until a platform or the person says one.
    """
    identity = identity_row(uow, issuer, subject, kind, username)
    row, home = None, community(uow).time_zone
    if identity.person_id is not None:
        shown = person(uow, identity.person_id)
        row = uow.session.get_one(Person, shown.id)
        identity.person_id = row.id
    if row is None:
        row = Person(
            id=new_id(),
            locale=choose_locale(locale),
            time_zone=time_zone or home,
            created_at=uow.now(),
        )
        uow.session.add(row)
        uow.session.flush()
        identity.person_id = row.id
        uow.record(MemberAdmitted(person_id=row.id, door=kind))
        uow.record(IdentityLinked(identity_id=identity.id, person_id=row.id, kind=kind))
    silence_tells = present and kind == "lti"
    if display_name or silence_tells:
        _take_name(row, identity, (display_name or "")[:200] or None)
    if email or silence_tells:
        _take_email(row, identity, (email or "")[:320] or None)
    unsaid = bool(time_zone) and row.time_zone != time_zone and row.time_zone in ("UTC", home)
    if unsaid and time_zone and not said_zone(uow, row.id):
        row.time_zone = time_zone
    if present:
        row.last_seen_at = uow.now()
    uow.session.flush()
    return person_view(row)


def _take_name(row: Person, identity: ExternalIdentity, told: str | None) -> None:
    """The account's name, unless the person goes by another one; its absence too."""
    own = row.display_name is not None and identity.told_name not in (None, row.display_name)
    if told is not None and not own:
        row.display_name = told
    if told is None and identity.told_name is not None and not own:
        row.display_name = None
    identity.told_name = told


def _take_email(row: Person, identity: ExternalIdentity, told: str | None) -> None:
    """An address for who has none; one that was only told goes when it is told no more."""
    unproved = row.email is not None and row.email_confirmed_at is None
    if told is None and unproved and identity.told_email == row.email:
        row.email = None
    if told is not None and not row.email:
        row.email = told
    identity.told_email = told


def admit_by_email(
    uow: UnitOfWork, email: str, *, display_name: str | None = None, locale: str | None = None
) -> PersonView:
    """Return the person whose address was just proved by a mailed code, made at first sight."""
    address = email.strip().lower()
    known = person_by_email(uow, address)
    if known is not None:
        uow.session.get_one(Person, known.id).last_seen_at = uow.now()
        return known
    view = admit(
        uow,
        issuer="mailto:",
        subject=address[:255],
        kind="email",
        display_name=display_name,
        locale=locale,
    )
    return confirm_email(uow, view.id, address)


def confirm_email(uow: UnitOfWork, person_id: UUID, email: str) -> PersonView:
    """Set an address that its owner has proved; raise Conflict when it is another person's."""
    address = email.strip().lower()
    other = person_by_email(uow, address)
    if other is not None and other.id != person_id:
        raise Conflict("email_taken", _("This address belongs to another member."))
    row = uow.session.get_one(Person, person_id)
    row.email, row.email_confirmed_at = address, uow.now()
    uow.session.flush()
    return person_view(row)


def update_profile(
    uow: UnitOfWork,
    person_id: UUID,
    *,
    display_name: str | None = None,
    locale: str | None = None,
    time_zone: str | None = None,
) -> PersonView:
    """Change what a person says of themselves; None leaves a field as it is.

    That they said a zone is kept, so that nobody asks again and no platform changes it.
    """
    row = uow.session.get_one(Person, person_id)
    if display_name is not None:
        row.display_name = display_name.strip()[:200] or None
    if locale is not None:
        row.locale = choose_locale(locale)
    if time_zone is not None:
        row.time_zone = time_zone
        consent(uow, person_id, ZONE_SAID, ZONE_VERSION)
    uow.session.flush()
    return person_view(row)
