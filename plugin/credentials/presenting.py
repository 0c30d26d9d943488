"""What a signed credential says, for a reader who knows nothing of credentials.

Pure: it reads the claims that were signed, never our tables, so the page cannot say more than the
document that a reader can check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote


@dataclass(frozen=True)
class Assessed:
    """One row of the rubric and the level reached: the `rank`-th of `of`."""

    name: str
    level: str
    rank: int = 0
    of: int = 0
    meaning: str = ""


@dataclass(frozen=True)
class Endorsed:
    """Who vouches for it with a signature of their own."""

    by: str
    comment: str
    at: datetime


@dataclass(frozen=True)
class Shown:
    """One piece of evidence."""

    name: str
    narrative: str
    url: str


@dataclass(frozen=True)
class Aligned:
    """A competency of a published list that it speaks of."""

    name: str
    framework: str
    url: str


@dataclass(frozen=True)
class Presented:
    name: str
    description: str
    criteria: str
    holder: str
    issuer: str
    domain: str
    awarded: datetime
    assessed: tuple[Assessed, ...]
    evidence: tuple[Shown, ...]
    expires: datetime | None = None
    endorsements: tuple[Endorsed, ...] = ()
    aligned: tuple[Aligned, ...] = ()


def present(claims: Mapping[str, Any]) -> Presented:
    """Read the claims of one of our own documents."""
    subject = claims["credentialSubject"]
    achievement = subject["achievement"]
    identifiers = subject.get("identifier", ())
    return Presented(
        name=claims["name"],
        description=achievement["description"],
        criteria=achievement["criteria"]["narrative"],
        holder=next((i["identityHash"] for i in identifiers if i["identityType"] == "name"), ""),
        issuer=claims["issuer"]["name"],
        domain=domain_of(claims["issuer"]["id"]),
        awarded=datetime.fromisoformat(claims["awardedDate"]),
        assessed=_assessed(subject.get("result", ()), achievement.get("resultDescription", ())),
        evidence=tuple(
            Shown(item["name"], item["narrative"], item.get("id", ""))
            for item in claims.get("evidence", ())
        ),
        expires=datetime.fromisoformat(claims["validUntil"]) if "validUntil" in claims else None,
        endorsements=tuple(
            Endorsed(
                by=item["issuer"]["name"],
                comment=item["credentialSubject"]["endorsementComment"],
                at=datetime.fromisoformat(item["validFrom"]),
            )
            for item in claims.get("endorsement", ())
        ),
        aligned=tuple(
            Aligned(item["targetName"], item.get("targetFramework", ""), item["targetUrl"])
            for item in achievement.get("alignment", ())
        ),
    )


def domain_of(did: str) -> str:
    """The host that a did:web identifier belongs to."""
    return unquote(did.split(":")[2])


def _assessed(results: Any, descriptions: Any) -> tuple[Assessed, ...]:
    rows = {row["id"]: row for row in descriptions}
    found = []
    for result in results:
        row = rows[result["resultDescription"]]
        levels = {level["id"]: level for level in row.get("rubricCriterionLevel", ())}
        reached = levels[result["achievedLevel"]]
        found.append(
            Assessed(
                row["name"],
                reached["name"],
                rank=list(levels).index(reached["id"]) + 1,
                of=len(levels),
                meaning=reached.get("description", ""),
            )
        )
    return tuple(found)
