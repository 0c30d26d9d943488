"""What `lantern doctor` checks of credentials: that issuers can sign and can still be found."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from plugin.credentials import did
from plugin.credentials.models import Issuer
from plugin.credentials.queries import communities_that_issue
from plugin.credentials.services.keys import seal_of
from plugin.kernel.crypto import VaultLocked
from plugin.kernel.doctor import Finding, Verdict
from plugin.kernel.services import Services


def check_issuers(services: Services) -> Iterable[Finding]:
    """Each issuer's key opens, and the address in its identifier is still ours."""
    with services.units.system_reading() as system:
        communities = communities_that_issue(system)
    for community_id in communities:
        with services.units.reading(community_id) as uow:
            for issuer in uow.session.scalars(sa.select(Issuer)):
                try:
                    seal_of(uow, services.vault, issuer)
                except VaultLocked:
                    yield Finding(
                        f"issuer {issuer.name}",
                        Verdict.BAD,
                        "its signing key cannot be opened",
                        "put the key that sealed it back into LANTERN_SECRET_KEYS",
                    )
                    continue
                yield _address(services, issuer)


def _address(services: Services, issuer: Issuer) -> Finding:
    subject = f"issuer {issuer.name}"
    if issuer.did == did.did_web(services.settings.base_url, "issuers", issuer.handle):
        return Finding(subject, Verdict.GOOD, issuer.did)
    return Finding(
        subject,
        Verdict.WARN,
        f"was created at {issuer.base_url}; credentials say so and always will",
        f"keep {issuer.base_url}/issuers/{issuer.handle}/did.json answering from here",
    )


CHECKS = (check_issuers,)
