"""Whole lists of people from a platform, some at a time, in a few statements each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.events.people import IdentityLinked, MemberAdmitted
from plugin.kernel.i18n import choose as choose_locale
from plugin.kernel.ids import new_id
from plugin.kernel.prepared import of_community, table_of
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.models import ExternalIdentity, Membership, Person
from plugin.people.policy import ROLES
from plugin.people.queries import community, person

_ACCOUNT, _PERSON, _MEMBER = table_of(ExternalIdentity), table_of(Person), table_of(Membership)
_KNOWN = (
    sa.select(
        _ACCOUNT.c.id,
        _ACCOUNT.c.subject,
        _ACCOUNT.c.person_id,
        _ACCOUNT.c.told_name,
        _ACCOUNT.c.told_email,
        _PERSON.c.display_name,
        _PERSON.c.email,
        _PERSON.c.merged_into_id,
    )
    .select_from(_ACCOUNT.outerjoin(_PERSON, _PERSON.c.id == _ACCOUNT.c.person_id))
    .where(
        _ACCOUNT.c.community_id == of_community(),
        _ACCOUNT.c.issuer == sa.bindparam("issuer"),
        _ACCOUNT.c.subject.in_(sa.bindparam("subjects", expanding=True)),
    )
)
_STANDING = sa.select(
    _MEMBER.c.id, _MEMBER.c.person_id, _MEMBER.c.role, _MEMBER.c.source, _MEMBER.c.left_at
).where(
    _MEMBER.c.community_id == of_community(),
    _MEMBER.c.context_id == sa.bindparam("context"),
    _MEMBER.c.person_id.in_(sa.bindparam("people", expanding=True)),
)
_CALLED = (
    sa.update(_PERSON)
    .where(_PERSON.c.community_id == of_community(), _PERSON.c.id == sa.bindparam("person"))
    .values(display_name=sa.bindparam("name"), email=sa.bindparam("address"))
)
_TOLD = (
    sa.update(_ACCOUNT)
    .where(_ACCOUNT.c.community_id == of_community(), _ACCOUNT.c.id == sa.bindparam("account"))
    .values(told_name=sa.bindparam("name"), told_email=sa.bindparam("address"))
)
_STANDS = (
    sa.update(_MEMBER)
    .where(_MEMBER.c.community_id == of_community(), _MEMBER.c.id == sa.bindparam("member"))
    .values(role=sa.bindparam("now"), source=sa.bindparam("by"), left_at=None)
)


@dataclass(frozen=True)
class Listed:
    """One person as a platform's list names them; names may be withheld."""

    subject: str
    role: str
    name: str | None = None
    email: str | None = None


def take_list(
    uow: UnitOfWork, *, issuer: str, kind: str, context_id: UUID, listed: Sequence[Listed]
) -> dict[str, UUID]:
    """Admit and enrol everybody listed (each subject once); their persons' ids by subject.

    The same as `admit` with ``present=False`` and `enrol` with source roster for each of them, in
    a number of statements that does not grow with the list while nothing has changed.
    """
    if any(one.role not in ROLES for one in listed):
        raise ValueError("a listed role is no role")
    subjects = [one.subject for one in listed]
    known = {row.subject: row for row in uow.run(_KNOWN, {"issuer": issuer, "subjects": subjects})}
    fresh = [one for one in listed if one.subject not in known]
    orphans = [
        one for one in listed if one.subject in known and known[one.subject].person_id is None
    ]
    ids = {subject: row.person_id for subject, row in known.items() if row.person_id is not None}
    for subject, row in known.items():
        if row.merged_into_id is not None:
            ids[subject] = person(uow, row.merged_into_id).id
    ids |= _new_people(uow, [*fresh, *orphans], kind)
    _new_accounts(uow, fresh, ids, issuer, kind)
    for one in orphans:
        account = uow.session.get_one(ExternalIdentity, known[one.subject].id)
        account.person_id = ids[one.subject]
        uow.record(IdentityLinked(identity_id=account.id, person_id=ids[one.subject], kind=kind))
    _call(uow, [one for one in listed if one.subject in known], known)
    _stand(uow, context_id, {ids[one.subject]: one.role for one in listed})
    return ids


def standing_select(context_id: UUID, sources: Iterable[str]) -> sa.Select[UUID, datetime | None]:
    """Who stands in a context by the word of these sources (person_id, last_seen_at), by id.

    For a join with another package's tables, in a unit of work of the community.
    """
    return (
        sa.select(Membership.person_id, Person.last_seen_at)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.context_id == context_id,
            Membership.left_at.is_(None),
            Membership.source.in_(list(sources)),
        )
        .order_by(Membership.person_id)
    )


def _new_people(uow: UnitOfWork, listed: Sequence[Listed], kind: str) -> dict[str, UUID]:
    if not listed:
        return {}
    zone, locale = community(uow).time_zone, choose_locale(None)
    ids = {one.subject: new_id() for one in listed}
    uow.session.execute(
        sa.insert(Person),
        [
            {
                "id": ids[one.subject],
                "community_id": uow.community_id,
                "display_name": (one.name or "")[:200] or None,
                "email": (one.email or "")[:320] or None,
                "locale": locale,
                "time_zone": zone,
                "created_at": uow.now(),
            }
            for one in listed
        ],
    )
    for person_id in ids.values():
        uow.record(MemberAdmitted(person_id=person_id, door=kind))
    return ids


def _new_accounts(
    uow: UnitOfWork, listed: Sequence[Listed], ids: Mapping[str, UUID], issuer: str, kind: str
) -> None:
    """Nothing was ever known of these accounts, so nobody needs to hear whose they are."""
    if not listed:
        return
    uow.session.execute(
        sa.insert(ExternalIdentity),
        [
            {
                "id": new_id(),
                "community_id": uow.community_id,
                "person_id": ids[one.subject],
                "kind": kind,
                "issuer": issuer,
                "subject": one.subject,
                "told_name": (one.name or "")[:200] or None,
                "told_email": (one.email or "")[:320] or None,
                "created_at": uow.now(),
            }
            for one in listed
        ],
    )


def _call(uow: UnitOfWork, listed: Sequence[Listed], known: Mapping[str, Any]) -> None:
    """Take over names and addresses that changed, as a launch does. A list's silence tells nothing:
    some platforms name people in launches alone."""
    for one in listed:
        row = known[one.subject]
        if row.person_id is None or row.merged_into_id is not None:
            continue
        told = ((one.name or "")[:200] or row.told_name, (one.email or "")[:320] or row.told_email)
        own = row.display_name is not None and row.told_name not in (None, row.display_name)
        name = row.display_name if own or not one.name else told[0]
        address = row.email or (one.email or "")[:320] or None
        if (name, address) != (row.display_name, row.email):
            uow.run(_CALLED, {"person": row.person_id, "name": name, "address": address})
        if told != (row.told_name, row.told_email):
            uow.run(_TOLD, {"account": row.id, "name": told[0], "address": told[1]})


def _stand(uow: UnitOfWork, context_id: UUID, roles: Mapping[UUID, str]) -> None:
    standing = {
        row.person_id: row
        for row in uow.run(_STANDING, {"context": context_id, "people": list(roles)})
    }
    missing = [person_id for person_id in roles if person_id not in standing]
    if missing:
        uow.session.execute(
            sa.insert(Membership),
            [
                {
                    "id": new_id(),
                    "community_id": uow.community_id,
                    "context_id": context_id,
                    "person_id": person_id,
                    "role": roles[person_id],
                    "source": "roster",
                    "created_at": uow.now(),
                }
                for person_id in missing
            ],
        )
    for person_id, row in standing.items():
        if (row.role, row.source, row.left_at) != (roles[person_id], "roster", None):
            uow.run(_STANDS, {"member": row.id, "now": roles[person_id], "by": "roster"})
