"""Contexts and who is in them."""

from uuid import UUID

import sqlalchemy as sa

from plugin.events.people import MemberLeft
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.models import (
    Context,
    ContextKind,
    Membership,
)
from plugin.people.policy import ROLES
from plugin.people.queries import (
    ContextView,
    context_view,
)


def context_for(
    uow: UnitOfWork, *, issuer: str, external_id: str, kind: str, title: str = ""
) -> ContextView:
    """Return the context of that name outside, made at first sight; a new title is taken over."""
    row = uow.session.scalars(
        sa.select(Context).where(Context.issuer == issuer, Context.external_id == external_id)
    ).first()
    if row is None:
        row = Context(
            issuer=issuer,
            external_id=external_id,
            kind=ContextKind(kind),
            title=title[:300] or _("A course"),
            created_at=uow.now(),
        )
        uow.session.add(row)
        uow.session.flush()
    elif title and row.title != title[:300]:
        row.title = title[:300]
    return context_view(row)


def enrol(uow: UnitOfWork, person_id: UUID, context_id: UUID, role: str, source: str) -> None:
    """Put somebody on the roster of a context, or change the role there."""
    if role not in ROLES:
        raise ValueError(f"{role} is no role")
    row = uow.session.scalars(
        sa.select(Membership).where(
            Membership.context_id == context_id, Membership.person_id == person_id
        )
    ).first()
    if row is None:
        uow.session.add(
            Membership(
                context_id=context_id,
                person_id=person_id,
                role=role,
                source=source,
                created_at=uow.now(),
            )
        )
    else:
        row.role, row.source, row.left_at = role, source, None
    uow.session.flush()


def leave(uow: UnitOfWork, person_id: UUID, context_id: UUID) -> None:
    """Note that somebody is no longer on a roster; nothing of theirs is removed."""
    row = uow.session.scalars(
        sa.select(Membership).where(
            Membership.context_id == context_id, Membership.person_id == person_id
        )
    ).first()
    if row is not None and row.left_at is None:
        row.left_at = uow.now()
        uow.record(MemberLeft(person_id=person_id, context_id=context_id))
