"""Somebody who was here before, found by one statement: the short way of a launch."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.prepared import of_community, table_of
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.models import Context, ExternalIdentity, Membership, Person
from plugin.people.queries import ContextView, PersonView, person_view

_PERSON, _ACCOUNT = table_of(Person), table_of(ExternalIdentity)
_CONTEXT, _MEMBER = table_of(Context), table_of(Membership)
_FAMILIAR = (
    sa.select(
        _PERSON.c.id,
        _PERSON.c.handle,
        _PERSON.c.display_name,
        _PERSON.c.email,
        _PERSON.c.email_confirmed_at,
        _PERSON.c.locale,
        _PERSON.c.time_zone,
        _PERSON.c.erased_at,
        _CONTEXT.c.id.label("context_id"),
        _CONTEXT.c.handle.label("context_handle"),
        _CONTEXT.c.kind.label("context_kind"),
        _CONTEXT.c.title.label("context_title"),
    )
    .select_from(_ACCOUNT)
    .join(_PERSON, _PERSON.c.id == _ACCOUNT.c.person_id)
    .join(_MEMBER, _MEMBER.c.person_id == _PERSON.c.id)
    .join(_CONTEXT, _CONTEXT.c.id == _MEMBER.c.context_id)
    .where(
        _ACCOUNT.c.community_id == of_community(),
        _ACCOUNT.c.issuer == sa.bindparam("issuer"),
        _ACCOUNT.c.subject == sa.bindparam("subject"),
        _PERSON.c.merged_into_id.is_(None),
        _MEMBER.c.left_at.is_(None),
        _CONTEXT.c.community_id == of_community(),
        _CONTEXT.c.issuer == sa.bindparam("issuer"),
        _CONTEXT.c.external_id == sa.bindparam("place"),
    )
)
_HERE = (
    sa.update(_PERSON)
    .where(_PERSON.c.community_id == of_community(), _PERSON.c.id == sa.bindparam("person"))
    .values(last_seen_at=sa.bindparam("now"))
)


@dataclass(frozen=True)
class Familiar:
    """A person who stands in a context by now; ``said`` is the name as it is kept."""

    person: PersonView
    said: str | None
    context: ContextView


def familiar(uow: UnitOfWork, issuer: str, subject: str, external_id: str) -> Familiar | None:
    """Return who this account is and the context, if the person stands in it already."""
    values = {"issuer": issuer, "subject": subject, "place": external_id}
    row = uow.run(_FAMILIAR, values).first()
    if row is None:
        return None
    context = ContextView(
        row.context_id,
        row.context_handle,
        row.context_kind.value,
        row.context_title,
        uow.community_id,
    )
    return Familiar(person_view(row), row.display_name, context)


def note_present(uow: UnitOfWork, person_id: UUID) -> None:
    """Note that somebody is here now."""
    uow.run(_HERE, {"person": person_id, "now": uow.now()})
