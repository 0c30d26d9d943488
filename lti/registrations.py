"""Which platform is calling, and whether it may: registrations and deployments as read models.

A registration is found by issuer and client id, never by issuer alone (all hosted Canvas schools
share one), except that a platform with a single client may leave the client id out of its login.
Where a platform names no client, the deployment tells which one is meant.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa

from lti.errors import NotRegistered
from lti.models import (
    Deployment,
    DeploymentStatus,
    Platform,
    Registration,
    RegistrationStatus,
    UnknownCaller,
)
from lti.registered import (
    DeploymentView,
    RegistrationView,
    deployment_view,
    origin_of,
    view_of,
)
from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork

__all__ = [
    "DeploymentView",
    "NewRegistration",
    "RegistrationView",
    "activate",
    "deployment_by_id",
    "deployment_view",
    "deployments",
    "find_deployment",
    "find_registration",
    "not_known",
    "note_seen",
    "origin_of",
    "register",
    "registration_by_id",
    "take_first_admission",
    "view_of",
]


@dataclass(frozen=True)
class NewRegistration:
    """What an administrator pastes from the platform's page, or dynamic registration brings."""

    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    key_set_url: str
    token_audience: str | None = None
    name: str = ""
    family: str | None = None


def find_registration(
    uow: UnitOfWork, issuer: str, client_id: str | None, deployment_id: str | None = None
) -> RegistrationView:
    """The registration of a login; NotRegistered when there is none or several could be meant."""
    query = sa.select(Registration).join(Platform).where(Platform.issuer == issuer)
    if client_id:
        query = query.where(Registration.client_id == client_id)
    found = uow.session.scalars(query.limit(2)).all()
    if len(found) > 1 and deployment_id:
        having = sa.select(Deployment.registration_id).where(
            Deployment.deployment_id == deployment_id
        )
        found = uow.session.scalars(query.where(Registration.id.in_(having)).limit(2)).all()
    if not found:
        raise NotRegistered("registration_unknown", not_known())
    if len(found) > 1:
        raise NotRegistered("client_id_missing", not_known())
    return view_of(found[0])


def registration_by_id(uow: UnitOfWork, registration_id: UUID) -> RegistrationView:
    """The registration of a row that refers to one."""
    return view_of(uow.session.get_one(Registration, registration_id))


def find_deployment(
    uow: UnitOfWork, registration_id: UUID, deployment_id: str
) -> DeploymentView | None:
    """The deployment of that name, in whatever state it is."""
    found = uow.session.scalars(
        sa.select(Deployment).where(
            Deployment.registration_id == registration_id,
            Deployment.deployment_id == deployment_id,
        )
    ).first()
    return deployment_view(found) if found else None


def deployment_by_id(uow: UnitOfWork, deployment_id: UUID) -> DeploymentView:
    """The deployment of a row that refers to one."""
    return deployment_view(uow.session.get_one(Deployment, deployment_id))


def deployments(uow: UnitOfWork) -> list[DeploymentView]:
    """Every deployment, by platform and client."""
    rows = uow.session.scalars(
        sa.select(Deployment)
        .join(Registration)
        .join(Platform)
        .order_by(Platform.issuer, Registration.client_id, Deployment.deployment_id)
    )
    return [deployment_view(row) for row in rows]


def register(
    uow: UnitOfWork,
    new: NewRegistration,
    *,
    community_id: UUID | None = None,
    status: RegistrationStatus = RegistrationStatus.ACTIVE,
    actor: UUID | None = None,
) -> RegistrationView:
    """Add a registration, or bring the one of that issuer and client up to date.

    ``status`` is for a new one: what was approved or blocked stays so. Conflict when another
    community looks after it.
    """
    _check(new)
    platform = uow.session.scalars(sa.select(Platform).where(Platform.issuer == new.issuer)).first()
    if platform is None:
        platform = Platform(issuer=new.issuer, name="", created_at=uow.now())
        uow.session.add(platform)
        uow.session.flush()
    platform.name = platform.name or _host_name(new.issuer)
    platform.family = new.family or platform.family
    row = uow.session.scalars(
        sa.select(Registration).where(
            Registration.platform_id == platform.id, Registration.client_id == new.client_id
        )
    ).first()
    if row is None:
        row = Registration(
            platform=platform,
            client_id=new.client_id,
            status=status,
            name="",
            admits_first=False,
            created_at=uow.now(),
        )
        uow.session.add(row)
    if row.community_id not in (None, community_id) and community_id is not None:
        raise Conflict(
            "registration_of_another_community",
            _("This registration belongs to another community of this Lantern."),
        )
    row.community_id = row.community_id or community_id
    row.name = new.name[:200] or row.name
    row.auth_login_url, row.auth_token_url = new.auth_login_url, new.auth_token_url
    row.key_set_url, row.token_audience = new.key_set_url, new.token_audience
    uow.session.flush()
    uow.session.execute(
        sa.delete(UnknownCaller).where(
            UnknownCaller.issuer == new.issuer, UnknownCaller.client_id == new.client_id
        )
    )
    uow.audit(
        "lti.registration.saved",
        actor=actor,
        subject=f"registration:{row.handle}",
        status=row.status.value,
    )
    return view_of(row)


def activate(
    uow: UnitOfWork,
    registration_id: UUID,
    deployment_id: str,
    community_id: UUID,
    *,
    actor: UUID | None = None,
) -> DeploymentView:
    """Let a deployment in, as a door of one community. A door never moves to another one."""
    row = uow.session.scalars(
        sa.select(Deployment).where(
            Deployment.registration_id == registration_id,
            Deployment.deployment_id == deployment_id,
        )
    ).first()
    if row is None:
        row = Deployment(
            registration_id=registration_id, deployment_id=deployment_id, created_at=uow.now()
        )
        uow.session.add(row)
    if row.community_id not in (None, community_id):
        raise Invalid(
            "deployment_of_another_community", _("This deployment belongs to another community.")
        )
    row.community_id, row.status = community_id, DeploymentStatus.ACTIVE
    row.role_overrides, row.seen_roles = row.role_overrides or {}, row.seen_roles or {}
    uow.session.flush()
    uow.audit("lti.deployment.activated", actor=actor, subject=f"deployment:{row.handle}")
    return deployment_view(row)


def take_first_admission(uow: UnitOfWork, registration_id: UUID) -> bool:
    """Use up that the first deployment of an active registration comes in without being asked."""
    used = (
        sa.update(Registration)
        .where(
            Registration.id == registration_id,
            Registration.admits_first.is_(True),
            Registration.status == RegistrationStatus.ACTIVE,
        )
        .values(admits_first=False)
        .returning(Registration.id)
    )
    return uow.session.execute(used).first() is not None


def note_seen(
    uow: UnitOfWork,
    deployment_id: UUID,
    family: str | None,
    name: str | None = None,
    frame_origin: str | None = None,
    role: str | None = None,
) -> None:
    """Remember that a deployment was used, by which role, which product it is and its own name.

    ``frame_origin``: whose pages frame ours. A hosted school has a host that no registration names.

    Its own name is kept only where nobody typed one (the host stands there then), and not where
    several deployments share the platform: one school's name is not another's.
    """
    row = uow.session.get_one(Deployment, deployment_id)
    row.seen_at = uow.now()
    row.frame_origin = frame_origin or row.frame_origin
    if role and role not in row.seen_roles:
        row.seen_roles = {**row.seen_roles, role: uow.now().isoformat()}
    platform = row.registration.platform
    if family and platform.family != family:
        platform.family = family
    if name and platform.name in ("", _host_name(platform.issuer)) and _alone(uow, platform.id):
        platform.name = name[:200]


def _host_name(issuer: str) -> str:
    return urlsplit(issuer).hostname or issuer


def _alone(uow: UnitOfWork, platform_id: UUID) -> bool:
    query = (
        sa.select(Deployment.id)
        .join(Registration)
        .where(Registration.platform_id == platform_id)
        .limit(2)
    )
    return len(uow.session.scalars(query).all()) == 1


def _check(new: NewRegistration) -> None:
    wrong = {}
    for name in ("auth_login_url", "auth_token_url", "key_set_url", "issuer"):
        if not origin_of(getattr(new, name)):
            wrong[name] = _("This is not a web address.")
    if not new.client_id:
        wrong["client_id"] = _("The client id is missing.")
    if wrong:
        raise Invalid("registration_invalid", _("The registration cannot be used."), wrong)


def not_known() -> str:
    return _(
        "This learning platform is not connected to Lantern yet. "
        "Please show the reference below to whoever looks after it."
    )
