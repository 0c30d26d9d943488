"""An Open Badges 3.0 credential from frozen values (1EdTech OB 3.0, W3C VCDM 2.0).

Pure: values in, an unsigned document out. The shape avoids what verifiers are known to stumble
over: sets are lists even with one member, issuer and image are objects, dates carry a zone, nothing
is null or empty, every id is absolute, and of an e-mail address at most a salted hash is in it.
`credentialStatus` is one object: Open Badges 3.0 allows no list (ADR 0016).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from plugin.credentials.jsonld import CREDENTIALS_V2, OPEN_BADGES, Json
from plugin.credentials.proofs import timestamp


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Who issues: an identifier that a verifier resolves, a name, and a page."""

    did: str
    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Level:
    id: str
    name: str
    rank: int
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """What was assessed: one row of the rubric with its levels and the level that is required."""

    id: str
    name: str
    levels: tuple[Level, ...]
    required: str = ""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A competency that an achievement is aligned to (Alignment)."""

    name: str
    url: str
    kind: str = "ceasn:Competency"
    code: str = ""
    framework: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class AchievementFacts:
    id: str
    name: str
    description: str
    narrative: str
    kind: str = "Achievement"
    image_url: str = ""
    image_caption: str = ""
    criteria: tuple[Criterion, ...] = ()
    alignment: tuple[Target, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The level reached on one criterion."""

    criterion_id: str
    level_id: str


@dataclass(frozen=True, kw_only=True)
class EvidenceFacts:
    """What the award rests on. `url` only when strangers may open it."""

    name: str
    narrative: str
    genre: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class StatusEntry:
    """A place in a bitstring status list (W3C Bitstring Status List 1.0)."""

    list_url: str
    index: int
    purpose: str = "revocation"


@dataclass(frozen=True, kw_only=True)
class HashedEmail:
    """An address that a reader can confirm and not read. The salt is public and belongs to one
    credential alone, so that two credentials of one person cannot be told to be theirs."""

    salt: str
    digest: str

    @classmethod
    def of(cls, address: str, salt: str) -> HashedEmail:
        """`sha256$` and the hexadecimal digest of address and salt, the address in lower case and
        without spaces around it."""
        text = address.strip().lower() + salt
        return cls(salt=salt, digest="sha256$" + sha256(text.encode()).hexdigest())

    def fits(self, address: str) -> bool:
        return HashedEmail.of(address, self.salt).digest == self.digest.lower()


@dataclass(frozen=True, kw_only=True)
class EndorsementFacts:
    """What somebody vouches for, in their own words. `about` is the id of what is endorsed."""

    id: str
    endorser: Profile
    about: str
    name: str
    comment: str
    valid_from: datetime


@dataclass(frozen=True, kw_only=True)
class CredentialFacts:
    id: str
    subject_id: str
    issuer: Profile
    achievement: AchievementFacts
    awarded: datetime
    valid_from: datetime
    valid_until: datetime | None = None
    holder_name: str = ""
    email: HashedEmail | None = None
    outcomes: tuple[Outcome, ...] = ()
    evidence: tuple[EvidenceFacts, ...] = ()
    status: StatusEntry | None = None
    endorsements: tuple[Json, ...] = ()


def document(facts: CredentialFacts) -> Json:
    """The unsigned credential. Same id and issuer with a later `validFrom` replaces another."""
    return _given(
        {
            "@context": [CREDENTIALS_V2, OPEN_BADGES],
            "id": facts.id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": facts.achievement.name,
            "description": facts.achievement.description,
            "issuer": _issuer(facts.issuer),
            "awardedDate": timestamp(facts.awarded),
            "validFrom": timestamp(facts.valid_from),
            "validUntil": timestamp(facts.valid_until) if facts.valid_until else None,
            "credentialSubject": _subject(facts),
            "evidence": [_evidence(item) for item in facts.evidence],
            "credentialStatus": _status(facts.status),
            "endorsement": list(facts.endorsements),
        }
    )


def endorsement(facts: EndorsementFacts) -> Json:
    """An unsigned EndorsementCredential. It is signed by the endorser and embedded as it is: with
    Data Integrity `endorsement` verifies with every copy of the context, `endorsementJwt` does not.
    """
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": facts.id,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": facts.name,
        "issuer": _issuer(facts.endorser),
        "validFrom": timestamp(facts.valid_from),
        "credentialSubject": {
            "id": facts.about,
            "type": ["EndorsementSubject"],
            "endorsementComment": facts.comment,
        },
    }


def _issuer(profile: Profile) -> Json:
    return {"id": profile.did, "type": ["Profile"], "name": profile.name, "url": profile.url}


def _subject(facts: CredentialFacts) -> Json:
    return _given(
        {
            "id": facts.subject_id,
            "type": ["AchievementSubject"],
            "identifier": _identifiers(facts),
            "achievement": _achievement(facts.achievement),
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": outcome.criterion_id,
                    "achievedLevel": outcome.level_id,
                }
                for outcome in facts.outcomes
            ],
        }
    )


def _identifiers(facts: CredentialFacts) -> list[Json]:
    """By what a reader may recognise the holder, each only by the holder's choice."""
    name = [_name(facts.holder_name)] if facts.holder_name else []
    return name + ([_email(facts.email)] if facts.email else [])


def _email(email: HashedEmail) -> Json:
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": email.digest,
        "identityType": "emailAddress",
        "salt": email.salt,
    }


def _name(name: str) -> Json:
    """The name that the holder chose to show. `type` is a plain string here: the schema's one
    exception from "sets are lists"."""
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": name,
        "identityType": "name",
    }


def _alignment(target: Target) -> Json:
    return _given(
        {
            "type": ["Alignment"],
            "targetName": target.name,
            "targetUrl": target.url,
            "targetType": target.kind,
            "targetCode": target.code,
            "targetFramework": target.framework,
            "targetDescription": target.description,
        }
    )


def _achievement(facts: AchievementFacts) -> Json:
    image = _given({"id": facts.image_url, "type": "Image", "caption": facts.image_caption})
    return _given(
        {
            "id": facts.id,
            "type": ["Achievement"],
            "achievementType": facts.kind,
            "name": facts.name,
            "description": facts.description,
            "criteria": {"narrative": facts.narrative},
            "image": image if facts.image_url else None,
            "alignment": [_alignment(target) for target in facts.alignment],
            "resultDescription": [_criterion(criterion) for criterion in facts.criteria],
        }
    )


def _criterion(criterion: Criterion) -> Json:
    return _given(
        {
            "id": criterion.id,
            "type": ["ResultDescription"],
            "name": criterion.name,
            "resultType": "RubricCriterionLevel",
            "requiredLevel": criterion.required,
            "rubricCriterionLevel": [_level(level) for level in criterion.levels],
        }
    )


def _level(level: Level) -> Json:
    return _given(
        {
            "id": level.id,
            "type": ["RubricCriterionLevel"],
            "name": level.name,
            "level": str(level.rank),
            "description": level.description,
        }
    )


def _evidence(item: EvidenceFacts) -> Json:
    return _given(
        {
            "id": item.url,
            "type": ["Evidence"],
            "name": item.name,
            "narrative": item.narrative,
            "genre": item.genre,
        }
    )


def _status(entry: StatusEntry | None) -> Json | None:
    if entry is None:
        return None
    return {
        "id": f"{entry.list_url}#{entry.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": entry.purpose,
        "statusListIndex": str(entry.index),
        "statusListCredential": entry.list_url,
    }


def _given(members: Json) -> Json:
    """Only what has a value: null and empty members may not appear in a credential."""
    empty: Iterable[Any] = (None, "", [], {})
    return {name: value for name, value in members.items() if value not in empty}
