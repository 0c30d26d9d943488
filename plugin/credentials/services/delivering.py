"""The forms in which a credential is handed over: JSON, JWT, and pictures that carry it.

JSON is what was signed, byte for byte. The JWT is signed when it is asked for, over the same
claims; its key stands in the same DID document.
"""

from __future__ import annotations

from dataclasses import dataclass

from plugin.credentials import badge_image, baking, queries, raster, vc_jwt
from plugin.credentials.queries import CredentialView
from plugin.credentials.services import keys
from plugin.kernel.crypto import Vault
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

JSON, JWT, PNG, SVG = "json", "jwt", "png", "svg"
# Some validators refuse application/jwt; Open Badges 3.0 says text/plain.
TYPES = {
    JSON: "application/vc+ld+json",
    JWT: "text/plain",
    PNG: "image/png",
    SVG: "image/svg+xml",
}


@dataclass(frozen=True)
class Delivered:
    """A file: its content and what it is."""

    content: bytes
    mimetype: str


def deliver(
    uow: UnitOfWork, vault: Vault, found: CredentialView, form: str, algorithm: str = vc_jwt.DEFAULT
) -> Delivered:
    """The credential in one of its forms. `needs_key` says when this takes a writing unit."""
    if form == JWT:
        content = as_jwt(uow, vault, found, algorithm).encode()
    elif form == PNG:
        content = baking.bake_png(raster.png(picture(uow, found)), found.signed.decode())
    elif form == SVG:
        content = baking.bake_svg(picture(uow, found), found.signed.decode()).encode()
    else:
        content = found.signed
    return Delivered(content, TYPES[form])


def needs_key(uow: UnitOfWork, found: CredentialView, form: str, algorithm: str) -> bool:
    """Whether the issuer has no key yet for the JWT that is asked for."""
    issuer = queries.issuer_by_did(uow, found.issuer_did)
    return form == JWT and issuer is not None and not keys.has_jwt_key(uow, issuer, algorithm)


def as_jwt(uow: UnitOfWork, vault: Vault, found: CredentialView, algorithm: str) -> str:
    issuer = queries.issuer_by_did(uow, found.issuer_did)
    if issuer is None:
        raise LookupError(f"nobody here is {found.issuer_did}")
    return vc_jwt.sign(dict(found.claims), keys.jwt_signer(uow, vault, issuer, algorithm))


def picture(uow: UnitOfWork, found: CredentialView) -> str:
    """The badge of a credential as SVG."""
    achievement = queries.achievement(uow, found.achievement_handle)
    community = people.community(uow)
    return badge_image.render(
        name=achievement.name if achievement else found.name,
        issuer=community.name,
        description=achievement.description if achievement else found.description,
        community=community.handle,
        colour=achievement.colour if achievement else None,
    )
