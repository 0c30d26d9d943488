"""From an address that anybody may call to the community and the row that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Response

from plugin.credentials import queries
from plugin.credentials.link_queries import credential_by_link
from plugin.credentials.multikey import VerifyingKey
from plugin.credentials.queries import CredentialView
from plugin.credentials.services.keys import published_keys
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.web.work import reading, services

CREDENTIAL_TYPE = "application/vc+ld+json"
# A public page looks alike to everybody, signed in or not.
NOBODY: dict[str, Any] = {"me": None, "actor": None, "said": None, "framed": False}


@contextmanager
def community_of(handle: str, kind: str) -> Iterator[UnitOfWork]:
    """Read the community that a public handle leads to; NotFound where it leads nowhere."""
    with reading(community_id(handle, kind)) as uow:
        yield uow


def community_id(handle: str, kind: str) -> UUID:
    with services().units.system_reading() as system:
        found: UUID | None = queries.community_at(system, handle, kind)
    if found is None:
        raise nothing()
    return found


def shared(uow: UnitOfWork, handle: str) -> CredentialView:
    """The credential while it is shared, by its own address or by a link for one reader; one that
    is not looks like none at all."""
    found = queries.credential(uow, handle) or credential_by_link(uow, handle)
    if found is None or not found.shared:
        raise nothing()
    return found


def keys_of(uow: UnitOfWork, found: CredentialView) -> tuple[VerifyingKey, ...]:
    """The keys that the issuer of a credential publishes."""
    issuer = queries.issuer_by_did(uow, found.issuer_did)
    return tuple(published_keys(uow, issuer)) if issuer else ()


def nothing() -> NotFound:
    return NotFound(
        "no_such_credential",
        _("There is nothing here. The person who gave you this address may have stopped sharing."),
    )


def document(
    content: bytes,
    *,
    mimetype: str = CREDENTIAL_TYPE,
    file_name: str = "",
    cache: str = "public, max-age=300",
) -> Response:
    """A document for programs, which may come from any origin."""
    answer = Response(content, mimetype=mimetype)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = cache
    if file_name:
        answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer
