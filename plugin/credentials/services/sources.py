"""Where the documents come from that a check needs: our own tables first, else one guarded call.

Only two kinds are ever fetched, a did:web document and a status list, over https, without
redirects, with limits of size, time and number. Nothing is fetched inside a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from plugin.credentials import did, queries, untrusted
from plugin.credentials.errors import CredentialError
from plugin.credentials.services.keys import published_jwks, published_keys
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork

MOST_CALLS = 4
_ACCEPT = "application/did+json, application/vc+ld+json, application/ld+json, application/json"


class NotReached(CredentialError):
    """The other side gave no document; the message says what happened, for people."""


@dataclass
class Sources:
    """Documents for one check, each asked for once."""

    services: Services
    _kept: dict[str, Any] = field(default_factory=dict)
    _calls: int = 0

    def did_document(self, identifier: str) -> Any:
        """The document behind a did:web identifier."""
        address = did.location(identifier)
        if identifier not in self._kept:
            own = self._own_issuer(identifier)
            self._kept[identifier] = own if own is not None else self._fetch(address)
        return self._kept[identifier]

    def status_list(self, address: str) -> dict[str, Any]:
        """The status list credential at an address."""
        if address not in self._kept:
            own = self._own_list(address)
            self._kept[address] = untrusted.parse(own) if own else self._fetch(address)
        found: dict[str, Any] = self._kept[address]
        return found

    def is_ours(self, identifier: str) -> bool:
        return self._own_issuer(identifier) is not None

    def _fetch(self, address: str) -> dict[str, Any]:
        if urlsplit(address).scheme != "https":
            raise NotReached("only https addresses are asked")
        if self._calls >= MOST_CALLS:
            raise NotReached("it asks for more documents than we fetch")
        self._calls += 1
        try:
            answer = self.services.http.request(
                "GET",
                address,
                headers={"Accept": _ACCEPT},
                timeout=(3, 5),
                max_bytes=untrusted.LARGEST_TEXT,
            )
        except RemoteCallFailed as failure:
            raise NotReached("the issuer's address does not answer") from failure
        if not answer.ok:
            raise NotReached("the issuer's address has no such document")
        return untrusted.parse(answer.text)

    def _own_issuer(self, identifier: str) -> dict[str, Any] | None:
        handle = identifier.rsplit(":", 1)[-1]

        def read(uow: UnitOfWork) -> dict[str, Any] | None:
            issuer = queries.issuer_by_did(uow, identifier)
            if issuer is None:
                return None
            return did.did_document(
                issuer.did, published_keys(uow, issuer), published_jwks(uow, issuer)
            )

        found: dict[str, Any] | None = self._in_community(handle, read)
        return found

    def _own_list(self, address: str) -> str | None:
        parts = urlsplit(address).path.split("/")
        if len(parts) != 5 or parts[1] != "issuers" or parts[3] != "status":
            return None

        def read(uow: UnitOfWork) -> str | None:
            issuer = queries.issuer_by_handle(uow, parts[2])
            if issuer is None or not address.startswith(f"{issuer.base_url}/issuers/"):
                return None
            listed = queries.status_list_by_handle(uow, issuer.id, parts[4])
            return listed.signed.decode() if listed else None

        found: str | None = self._in_community(parts[2], read)
        return found

    def _in_community(self, handle: str, read: Any) -> Any:
        with self.services.units.system_reading() as system:
            community: UUID | None = queries.community_at(system, handle, "issuer")
        if community is None:
            return None
        with self.services.units.reading(community) as uow:
            return read(uow)
