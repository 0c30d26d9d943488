"""Registrations and deployments as values: what a login, a launch or a service call must know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from lti.models import Deployment, DeploymentStatus, Registration, RegistrationStatus
from plugin.kernel.urls import is_host


@dataclass(frozen=True)
class RegistrationView:
    """What a login, a launch or a service call needs to know of a registration."""

    id: UUID
    handle: str
    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    key_set_url: str
    token_audience: str
    platform_name: str
    family: str | None
    status: RegistrationStatus = RegistrationStatus.ACTIVE
    community_id: UUID | None = None
    admits_first: bool = False

    @property
    def origins(self) -> frozenset[str]:
        """Where this platform's own pages come from."""
        return frozenset({origin_of(self.issuer), origin_of(self.auth_login_url)})


@dataclass(frozen=True)
class DeploymentView:
    """A deployment with its registration; ``community_id`` is set once it is active."""

    id: UUID
    handle: str
    deployment_id: str
    status: DeploymentStatus
    community_id: UUID | None
    seen_at: datetime | None
    frame_origin: str | None
    notices_url: str | None
    registration: RegistrationView
    name: str = ""
    role_overrides: Mapping[str, str] = field(default_factory=dict)
    seen_roles: Mapping[str, str] = field(default_factory=dict)


def origin_of(url: str) -> str:
    """Scheme, host and port of an address as a browser writes an origin; empty when it has none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or parts.username is not None:
        return ""
    if not is_host(host):
        return ""
    host = f"[{host}]" if ":" in host else host
    usual = port in (None, {"http": 80, "https": 443}[parts.scheme])
    return f"{parts.scheme}://{host}{'' if usual else f':{port}'}".lower()


def view_of(row: Registration) -> RegistrationView:
    return RegistrationView(
        id=row.id,
        handle=row.handle,
        issuer=row.platform.issuer,
        client_id=row.client_id,
        auth_login_url=row.auth_login_url,
        auth_token_url=row.auth_token_url,
        key_set_url=row.key_set_url,
        token_audience=row.token_audience or row.auth_token_url,
        platform_name=row.name or row.platform.name,
        family=row.platform.family,
        status=row.status,
        community_id=row.community_id,
        admits_first=row.admits_first,
    )


def deployment_view(row: Deployment) -> DeploymentView:
    return DeploymentView(
        id=row.id,
        handle=row.handle,
        deployment_id=row.deployment_id,
        status=row.status,
        community_id=row.community_id,
        seen_at=row.seen_at,
        frame_origin=row.frame_origin,
        notices_url=row.notices_url,
        registration=view_of(row.registration),
        name=row.name,
        role_overrides=row.role_overrides,
        seen_roles=row.seen_roles,
    )
