"""Who knocks without being let in yet: unknown issuers and clients, deployments that wait.

Both are written down for the administrator and let in by nothing that they sent. What strangers can
cause costs a bounded number of rows an hour, and a stranger cannot crowd out a caller that is
written down already.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from lti.models import Deployment, DeploymentStatus, UnknownCaller
from lti.registrations import DeploymentView, deployment_view
from plugin.kernel import limits
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger, reference
from plugin.kernel.unit_of_work import UnitOfWork

KEPT = timedelta(days=30)
_HOUR = timedelta(hours=1)
_STRANGERS_AN_HOUR = 60
_CALLS_OF_ONE_AN_HOUR = 60
_WAITING_DEPLOYMENTS = 100

log = get_logger(__name__)


def note_unknown(services: Services, issuer: str, client_id: str) -> None:
    """Write down who knocked, with the reference that the person sees, within the limits."""
    with services.units.system_reading() as uow:
        known = _caller(uow, issuer, client_id)
        key = f"lti.unknown:{known.id.hex}" if known else "lti.unknown"
    most = _CALLS_OF_ONE_AN_HOUR if known else _STRANGERS_AN_HOUR
    if not limits.take(services.units, key, limit=most, per=_HOUR):
        return
    try:
        with services.units.system() as uow:
            record_unknown(uow, issuer, client_id)
            uow.commit()
    except IntegrityError:
        log.info("lti.unknown_caller_recorded_by_another")  # at the same moment, which is enough


def record_unknown(uow: UnitOfWork, issuer: str, client_id: str) -> None:
    """Count a caller (unique: issuer, client id)."""
    row = _caller(uow, issuer, client_id)
    if row is None:
        row = UnknownCaller(issuer=issuer, client_id=client_id, times=0, first_seen_at=uow.now())
        uow.session.add(row)
    row.times += 1
    row.last_seen_at, row.reference = uow.now(), reference()


def unknown_callers(uow: UnitOfWork) -> list[UnknownCaller]:
    """Who knocked without being registered, latest first."""
    query = sa.select(UnknownCaller).order_by(UnknownCaller.last_seen_at.desc()).limit(100)
    return list(uow.session.scalars(query))


def forget(uow: UnitOfWork, caller_id: UUID) -> None:
    """Take a caller off the list; it comes back when it knocks again."""
    uow.session.execute(sa.delete(UnknownCaller).where(UnknownCaller.id == caller_id))


def forget_old(services: Services) -> None:
    """Remove callers that have not knocked for a month."""
    with services.units.system() as uow:
        uow.session.execute(
            sa.delete(UnknownCaller).where(UnknownCaller.last_seen_at < uow.now() - KEPT)
        )
        uow.commit()


def note_waiting(services: Services, registration_id: UUID, deployment_id: str) -> None:
    """Write down a deployment that a verified launch named first, up to a hundred that wait."""
    try:
        with services.units.system() as uow:
            waiting = sa.select(sa.func.count()).where(
                Deployment.registration_id == registration_id,
                Deployment.status == DeploymentStatus.PENDING,
            )
            if (uow.session.scalar(waiting) or 0) >= _WAITING_DEPLOYMENTS:
                log.warning("lti.too_many_deployments_wait", registration=str(registration_id))
                return
            record_pending(uow, registration_id, deployment_id)
            uow.commit()
    except IntegrityError:
        log.info("lti.deployment_recorded_by_another")  # at the same moment, which is enough


def record_pending(
    uow: UnitOfWork, registration_id: UUID, deployment_id: str, community_id: UUID | None = None
) -> DeploymentView:
    """Add a deployment that waits for an administrator."""
    row = Deployment(
        registration_id=registration_id,
        deployment_id=deployment_id,
        community_id=community_id,
        status=DeploymentStatus.PENDING,
        name="",
        role_overrides={},
        seen_roles={},
        seen_at=uow.now(),
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    uow.audit("lti.deployment.seen", actor=None, subject=f"deployment:{row.handle}")
    return deployment_view(row)


def _caller(uow: UnitOfWork, issuer: str, client_id: str) -> UnknownCaller | None:
    return uow.session.scalars(
        sa.select(UnknownCaller).where(
            UnknownCaller.issuer == issuer, UnknownCaller.client_id == client_id
        )
    ).first()
