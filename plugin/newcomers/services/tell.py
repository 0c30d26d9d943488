"""What newcomers, contacts and coordinators are told. Keys make each once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from plugin.events.wants import SpaceWanted
from plugin.kernel.i18n import _, use_locale
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.newcomers.models import Newcomer, Welcome
from plugin.newcomers.queries import names_in
from plugin.notifications import public as notifications
from plugin.people import public as people

WELCOME, CONTACT = "welcome", "newcomer"  # kinds of notices
INTRODUCED = "newcomers.introduced:"
MOST_CALLED = 50


def page_of(uow: UnitOfWork, context_id: UUID) -> str:
    """The page of newcomers in a place."""
    return f"/c/{people.context(uow, context_id).handle}/welcome/"


def introduced(uow: UnitOfWork, welcome: Welcome, row: Newcomer, contact_id: UUID) -> None:
    """Both learn of each other, in one message where both want messages in the same place.

    Unique: the newcomer and the contact, in the want's and the notices' keys. Both by their names
    in that place.
    """
    newcomer, contact = people.person(uow, row.person_id), people.person(uow, contact_id)
    url = page_of(uow, row.context_id)
    if together(uow, row.context_id, (newcomer, contact), (WELCOME, CONTACT)):
        uow.record(
            SpaceWanted(
                key=introduction_key(row, contact_id),
                kind="message",
                person_ids=(newcomer.id, contact.id),
                message="newcomers.introduced",
                params=_params(uow, welcome, row, newcomer.locale),
                url=url,
            )
        )
    else:
        introduced_apart(uow, welcome, row)


def introduced_apart(uow: UnitOfWork, welcome: Welcome, row: Newcomer) -> None:
    """The same to each alone, over the channels that each has. Unique: newcomer and contact."""
    if row.contact_id is None:
        return
    url, key = page_of(uow, row.context_id), introduction_key(row, row.contact_id)
    newcomer, contact = people.person(uow, row.person_id), people.person(uow, row.contact_id)
    for reader, kind, message in (
        (newcomer, WELCOME, "newcomers.welcome"),
        (contact, CONTACT, "newcomers.contact"),
    ):
        notifications.notify(
            uow,
            reader.id,
            kind=kind,
            message=message,
            params=_params(uow, welcome, row, reader.locale),
            url=url,
            key=key,
            waits=True,
        )


def introduction_key(row: Newcomer, contact_id: UUID) -> str:
    """One introduction of these two."""
    return f"{INTRODUCED}{row.id}:{contact_id}"


def _params(uow: UnitOfWork, welcome: Welcome, row: Newcomer, locale: str) -> dict[str, Any]:
    ids = [one for one in (row.person_id, row.contact_id) if one is not None]
    names = names_in(uow, row.context_id, ids)
    with use_locale(locale):
        return {
            "place": people.context(uow, row.context_id).title,
            "name": names[row.person_id],
            "contact": names[row.contact_id] if row.contact_id else "",
            "task": task_of(welcome),
        }


def together(
    uow: UnitOfWork,
    context_id: UUID,
    readers: Sequence[people.PersonView],
    kinds: Sequence[str],
) -> bool:
    """Whether all have an account in this place and want this kind of message there."""
    issuer = people.issuer_of(uow, context_id)
    if len(people.accounts_in(uow, issuer, [one.id for one in readers])) != len(readers):
        return False
    return all(
        notifications.wishes(uow, one.id, kind, "forum")
        for one, kind in zip(readers, kinds, strict=True)
    )


def nobody_in_time(uow: UnitOfWork, welcome: Welcome, row: Newcomer) -> None:
    """Coordinators learn that nobody was named in time; the newcomer is welcomed all the same."""
    person = people.person(uow, row.person_id)
    params = _params(uow, welcome, row, person.locale)
    title, url, name = params["place"], page_of(uow, row.context_id), params["name"]
    for staff in people.staff(uow, people.COORDINATOR, row.context_id) or people.staff(
        uow, people.ADMINISTRATOR
    ):
        notifications.notify(
            uow,
            staff.id,
            kind=CONTACT,
            message="newcomers.nobody_in_time",
            params={"place": title, "name": name, "hours": welcome.within_hours},
            url=f"{url}staff",
            key=f"newcomers.late:{row.id}:{row.due_at.isoformat()}",
            waits=True,
        )
    notifications.notify(
        uow,
        person.id,
        kind=WELCOME,
        message="newcomers.welcome_alone",
        params={"place": title, "name": name, "task": params["task"]},
        url=url,
        key=f"newcomers.welcome:{row.id}",
        waits=True,
    )


def graduated(uow: UnitOfWork, row: Newcomer, done: int) -> None:
    """The end, said in a friendly way. Unique: the newcomer."""
    title = people.context(uow, row.context_id).title
    notifications.notify(
        uow,
        row.person_id,
        kind=WELCOME,
        message="newcomers.graduated",
        params={"place": title, "done": done},
        url=page_of(uow, row.context_id),
        key=f"newcomers.graduated:{row.id}",
    )


def call(uow: UnitOfWork, context_id: UUID, window: str, without: set[UUID]) -> int:
    """Ask members who are not new whether they would be a contact; return how many were asked."""
    title, url = people.context(uow, context_id).title, page_of(uow, context_id)
    asked = [m.person for m in people.members(uow, context_id) if m.person.id not in without]
    for person in asked[:MOST_CALLED]:
        invite(uow, person.id, title, url, f"newcomers.call:{context_id}:{window}")
    return len(asked[:MOST_CALLED])


def invite(uow: UnitOfWork, person_id: UUID, title: str, url: str, key: str) -> bool:
    """Ask one person whether they would be a contact."""
    return notifications.notify(
        uow,
        person_id,
        kind="invited",
        message="newcomers.call",
        params={"place": title},
        url=url,
        key=key,
    )


def task_of(welcome: Welcome) -> str:
    """The one safe first task, in the present language where the coordinator wrote none."""
    return welcome.task or _("say hello and tell what brought you here; nothing can go wrong")
