"""What the operator's commands need of registrations: found by handle, over all communities."""

from uuid import UUID

import sqlalchemy as sa

from lti.models import Deployment, Platform, Registration, RegistrationStatus
from lti.registered import RegistrationView, view_of
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork


def registration_by_handle(uow: UnitOfWork, handle: str) -> RegistrationView:
    """The registration of a handle; NotFound when there is none."""
    row = uow.session.scalars(sa.select(Registration).where(Registration.handle == handle)).first()
    if row is None:
        raise NotFound("no_registration", _("There is no registration with this handle."))
    return view_of(row)


def by_any_handle(uow: UnitOfWork, handle: str) -> tuple[RegistrationView, bool]:
    """A registration by its own handle (True) or by that of one of its deployments (False)."""
    place = uow.session.scalars(sa.select(Deployment).where(Deployment.handle == handle)).first()
    if place is not None:
        return view_of(place.registration), False
    return registration_by_handle(uow, handle), True


def every_registration(uow: UnitOfWork) -> list[RegistrationView]:
    """All of the installation, for its operator."""
    rows = uow.session.scalars(
        sa.select(Registration).join(Platform).order_by(Platform.issuer, Registration.client_id)
    )
    return [view_of(row) for row in rows]


def give_to(uow: UnitOfWork, registration_id: UUID, community_id: UUID) -> None:
    """Have a community look after a registration that nobody does yet."""
    row = uow.session.get_one(Registration, registration_id)
    row.community_id = row.community_id or community_id


def set_status(uow: UnitOfWork, registration_id: UUID, status: RegistrationStatus) -> None:
    """Approve or block without looking at places; for the command that names one itself."""
    uow.session.get_one(Registration, registration_id).status = status
