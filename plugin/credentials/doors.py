"""Addresses that take a credential elsewhere. Pure."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode


def linkedin(
    *,
    name: str,
    issuer: str,
    issued: datetime,
    expires: datetime | None,
    page: str,
    identifier: str,
) -> str:
    """LinkedIn's form "add to profile", filled in. Months count from 1; LinkedIn verifies nothing,
    it links to `page`."""
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": name,
        "organizationName": issuer,
        "issueYear": issued.year,
        "issueMonth": issued.month,
        "certUrl": page,
        "certId": identifier,
    }
    if expires is not None:
        fields |= {"expirationYear": expires.year, "expirationMonth": expires.month}
    return f"https://www.linkedin.com/profile/add?{urlencode(fields)}"
