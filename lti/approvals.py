"""What an administrator decides about registrations and deployments, each step with its audit row.

Everything works for the registrations of one community (``uow`` is that community's); another's are
not found. The command line uses the same steps.
"""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from lti import callers, registrations
from lti.models import (
    Deployment,
    DeploymentStatus,
    Platform,
    Registration,
    RegistrationStatus,
)
from lti.registered import DeploymentView, RegistrationView, deployment_view, view_of
from lti.roles import OVERRIDABLE, ROLE_CHOICES
from plugin.kernel.database import Base
from plugin.kernel.errors import Invalid, NotFound
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork


def own_registrations(uow: UnitOfWork) -> list[RegistrationView]:
    """The registrations that this community looks after: those that wait first, then by name."""
    rows = uow.session.scalars(
        sa.select(Registration)
        .join(Platform)
        .where(Registration.community_id == uow.community_id)
        .order_by(Registration.created_at)
    )
    found = [view_of(row) for row in rows]
    waiting = RegistrationStatus.PENDING
    return sorted(found, key=lambda one: (one.status is not waiting, one.platform_name.lower()))


def own_registration(uow: UnitOfWork, handle: str) -> RegistrationView:
    """One of them; NotFound for another community's."""
    return view_of(_registration(uow, handle))


def deployments_of(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, list[DeploymentView]]:
    """The deployments of registrations, those that wait first."""
    rows = uow.session.scalars(
        sa.select(Deployment)
        .where(Deployment.registration_id.in_(ids))
        .order_by(Deployment.created_at, Deployment.id)
    )
    found: dict[UUID, list[DeploymentView]] = {one: [] for one in ids}
    for row in rows:
        found[row.registration_id].append(deployment_view(row))
    for several in found.values():
        several.sort(key=lambda one: one.status is not DeploymentStatus.PENDING)
    return found


def waiting(uow: UnitOfWork) -> int:
    """How many registrations and places wait for an administrator of this community."""
    pending = sa.select(sa.func.count()).where(
        Registration.community_id == uow.community_id,
        Registration.status == RegistrationStatus.PENDING,
    )
    places = (
        sa.select(sa.func.count())
        .select_from(Deployment)
        .join(Registration)
        .where(
            Registration.community_id == uow.community_id,
            Registration.status == RegistrationStatus.ACTIVE,
            Deployment.status == DeploymentStatus.PENDING,
        )
    )
    return (uow.session.scalar(pending) or 0) + (uow.session.scalar(places) or 0)


def approve_registration(
    uow: UnitOfWork, handle: str, *, first: bool = False, actor: UUID | None
) -> RegistrationView:
    """Let a registration in, with the deployments that wait.

    ``first``: also the first one that comes, where the platform has named none yet.
    """
    row = _registration(uow, handle)
    row.status = RegistrationStatus.ACTIVE
    mine = deployments_of(uow, [row.id])[row.id]
    row.admits_first = first and not mine
    uow.session.flush()
    uow.audit(
        "lti.registration.approved",
        actor=actor,
        subject=f"registration:{handle}",
        first=row.admits_first,
    )
    for one in mine:
        if one.status is DeploymentStatus.PENDING:
            registrations.activate(uow, row.id, one.deployment_id, uow.community_id, actor=actor)
    return view_of(row)


def block_registration(uow: UnitOfWork, handle: str, *, actor: UUID | None) -> RegistrationView:
    """Close a registration with all its deployments, until it is approved again."""
    row = _registration(uow, handle)
    row.status, row.admits_first = RegistrationStatus.BLOCKED, False
    uow.audit("lti.registration.blocked", actor=actor, subject=f"registration:{handle}")
    return view_of(row)


def rename_registration(uow: UnitOfWork, handle: str, name: str, *, actor: UUID | None) -> None:
    """What the platform is called on our pages; empty for its own name."""
    _registration(uow, handle).name = name.strip()[:200]
    uow.audit("lti.registration.renamed", actor=actor, subject=f"registration:{handle}")


def remove_registration(uow: UnitOfWork, handle: str, *, actor: UUID | None) -> None:
    """Forget a registration, its deployments and links. Courses and people stay."""
    row = _registration(uow, handle)
    _remove_below(uow, "lti_registration", sa.select(sa.literal(row.id)))
    platform_id = row.platform_id
    uow.session.expunge(row)
    table = Base.metadata.tables
    uow.session.execute(
        sa.delete(table["lti_registration"]).where(table["lti_registration"].c.id == row.id)
    )
    others = sa.select(Registration.id).where(Registration.platform_id == platform_id).limit(1)
    if uow.session.scalars(others).first() is None:
        uow.session.execute(
            sa.delete(table["lti_platform"]).where(table["lti_platform"].c.id == platform_id)
        )
    uow.audit("lti.registration.removed", actor=actor, subject=f"registration:{handle}")


def own_deployment(uow: UnitOfWork, handle: str) -> DeploymentView:
    """A deployment of a registration of this community."""
    return deployment_view(_deployment(uow, handle))


def approve_deployment(uow: UnitOfWork, handle: str, *, actor: UUID | None) -> DeploymentView:
    """Let a deployment in, as a door of this community."""
    row = _deployment(uow, handle)
    return registrations.activate(
        uow, row.registration_id, row.deployment_id, uow.community_id, actor=actor
    )


def block_deployment(uow: UnitOfWork, handle: str, *, actor: UUID | None) -> None:
    """Close one deployment."""
    _deployment(uow, handle).status = DeploymentStatus.BLOCKED
    uow.audit("lti.deployment.blocked", actor=actor, subject=f"deployment:{handle}")


def rename_deployment(uow: UnitOfWork, handle: str, name: str, *, actor: UUID | None) -> None:
    """What this place is called on our pages."""
    _deployment(uow, handle).name = name.strip()[:200]
    uow.audit("lti.deployment.renamed", actor=actor, subject=f"deployment:{handle}")


def set_roles(
    uow: UnitOfWork, handle: str, overrides: Mapping[str, str], *, actor: UUID | None
) -> None:
    """Which of our roles the platform's role names give here; what is left out is as usual."""
    wrong = [name for name, role in overrides.items()
             if name not in OVERRIDABLE or role not in ROLE_CHOICES]  # fmt: skip
    if wrong:
        raise Invalid("role_override", _("There is no such role."))
    _deployment(uow, handle).role_overrides = dict(overrides)
    uow.audit(
        "lti.deployment.roles", actor=actor, subject=f"deployment:{handle}", **dict(overrides)
    )


def remove_deployment(uow: UnitOfWork, handle: str, *, actor: UUID | None) -> None:
    """Forget a deployment and its links. A launch from it makes it wait for approval again."""
    row = _deployment(uow, handle, lock=True)
    _remove_below(uow, "lti_deployment", sa.select(sa.literal(row.id)))
    uow.session.delete(row)
    uow.session.flush()
    uow.audit("lti.deployment.removed", actor=actor, subject=f"deployment:{handle}")


def forget_caller(uow: UnitOfWork, caller_id: UUID, *, actor: UUID | None) -> None:
    """Take an unknown caller off the list."""
    callers.forget(uow, caller_id)
    uow.audit("lti.caller.forgotten", actor=actor, subject="lti")


def _registration(uow: UnitOfWork, handle: str) -> Registration:
    row = uow.session.scalars(
        sa.select(Registration).where(
            Registration.handle == handle, Registration.community_id == uow.community_id
        )
    ).first()
    if row is None:
        raise NotFound("no_registration", _("There is no such platform here."))
    return row


def _deployment(uow: UnitOfWork, handle: str, *, lock: bool = False) -> Deployment:
    query = (
        sa.select(Deployment)
        .join(Registration)
        .where(
            Deployment.handle == handle,
            Registration.community_id == uow.community_id,
            sa.or_(Deployment.community_id.is_(None), Deployment.community_id == uow.community_id),
        )
    )
    if lock:  # of two who remove it at once, the second finds nothing
        query = query.with_for_update(of=Deployment)
    row = uow.session.scalars(query).first()
    if row is None:
        raise NotFound("no_deployment", _("There is no such place here."))
    return row


def _remove_below(uow: UnitOfWork, name: str, ids: sa.Select[tuple[UUID]]) -> None:
    """Remove every row that hangs on these, deepest first; core statements, since the rows' owner
    was checked above."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name != name or table.name == name:
                continue
            column = key.parent
            if key.ondelete in ("CASCADE", "SET NULL"):
                continue
            if "id" in table.c:
                _remove_below(uow, table.name, sa.select(table.c.id).where(column.in_(ids)))
            uow.session.execute(sa.delete(table).where(column.in_(ids)))
