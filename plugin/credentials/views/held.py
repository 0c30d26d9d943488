"""The holder's own credential, as a view and as a row to change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from plugin.credentials import policy, queries
from plugin.credentials.models import Credential
from plugin.credentials.queries import CredentialView
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.web.actor import current_actor
from plugin.web.work import writing


def own(uow: UnitOfWork, handle: str) -> CredentialView:
    """My credential of that handle; raises NotFound, or Refused for somebody else's."""
    found = queries.credential(uow, handle)
    if found is None:
        raise NotFound("no_such_credential", _("You have no such credential."))
    require(policy.may_hold(current_actor(), found.person_id))
    return found


@contextmanager
def held(handle: str) -> Iterator[tuple[UnitOfWork, Credential]]:
    """A writing unit of work and my credential in it."""
    with writing() as uow:
        row = queries.credential_row(uow, handle)
        if row is None:
            raise NotFound("no_such_credential", _("You have no such credential."))
        require(policy.may_hold(current_actor(), row.person_id))
        yield uow, row
