"""Registrations and deployments by prepared statements: what every login and launch asks first."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from lti.models import Deployment, Platform, Registration
from lti.registrations import DeploymentView, RegistrationView, deployment_view, view_of
from plugin.kernel.prepared import table_of
from plugin.kernel.unit_of_work import UnitOfWork

_MOST = 20  # deployments that are looked at along with their registration
_P, _R, _D = table_of(Platform), table_of(Registration), table_of(Deployment)
_COLUMNS = {"p": _P, "r": _R, "d": _D}


def _all(*marks: str) -> list[sa.ColumnElement[Any]]:
    return [
        column.label(f"{mark}_{column.name}") for mark in marks for column in _COLUMNS[mark].columns
    ]


_REGISTRATION = sa.select(*_all("p", "r")).select_from(_R.join(_P, _P.c.id == _R.c.platform_id))
_BY_CLIENT = _REGISTRATION.where(
    _P.c.issuer == sa.bindparam("issuer"), _R.c.client_id == sa.bindparam("client")
)
_BY_ID = _REGISTRATION.where(_R.c.id == sa.bindparam("registration"))
_DEPLOYMENTS = (
    sa.select(*_all("d"))
    .where(_D.c.registration_id == sa.bindparam("registration"))
    .order_by(_D.c.id)
    .limit(_MOST)
)


def registration_of(uow: UnitOfWork, issuer: str, client_id: str) -> RegistrationView | None:
    """The registration of that client, None for an unknown one."""
    row = uow.run(_BY_CLIENT, {"issuer": issuer, "client": client_id}).first()
    return None if row is None else view_of(_registration(row))


def with_deployments(
    uow: UnitOfWork, registration_id: UUID
) -> tuple[RegistrationView, dict[str, DeploymentView]] | None:
    """A registration and its first deployments by their names; there may be more of them."""
    row = uow.run(_BY_ID, {"registration": registration_id}).first()
    if row is None:
        return None
    registration = _registration(row)
    found = {}
    for deployment in uow.run(_DEPLOYMENTS, {"registration": registration_id}):
        entity = _part(deployment, "d")
        entity.registration = registration
        found[entity.deployment_id] = deployment_view(cast("Deployment", entity))
    return view_of(registration), found


def _registration(row: sa.Row[Any]) -> Registration:
    entity = _part(row, "r")
    entity.platform = _part(row, "p")
    return cast("Registration", entity)


def _part(row: sa.Row[Any], mark: str) -> SimpleNamespace:
    """The columns of one table, as the entity has them."""
    told = row._mapping
    return SimpleNamespace(
        **{column.name: told[f"{mark}_{column.name}"] for column in _COLUMNS[mark].columns}
    )
