"""From rows to the claims of a credential, in the words and language of its achievement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from plugin.credentials import openbadges
from plugin.credentials.alignment_queries import alignments
from plugin.credentials.models import Achievement, Credential, EvidenceEvent, Issuer
from plugin.credentials.queries import endorsements_of, evidence_of_awards, is_link
from plugin.credentials.services.issuers import profile
from plugin.credentials.services.naming import describe
from plugin.credentials.services.rubrics import Scale, scale_of
from plugin.credentials.services.status_lists import Pair
from plugin.credentials.services.versions import AsAwarded, as_awarded, present
from plugin.kernel.i18n import use_locale
from plugin.kernel.unit_of_work import UnitOfWork


class Composer:
    """Composes credentials of one issuer; what many of them share is read once.

    Links to evidence appear only when the holder wishes: a forum post names its author.
    """

    def __init__(self, uow: UnitOfWork, issuer: Issuer, credentials: Iterable[Credential]) -> None:
        rows = list(credentials)
        self._uow = uow
        self._issuer = issuer
        self._evidence = evidence_of_awards(uow, [row.award_id for row in rows])
        self._aligned = alignments(uow, {row.achievement_id for row in rows})
        self._versions = as_awarded(uow, [row.award_id for row in rows])
        self._endorsements = endorsements_of(uow, [row.id for row in rows])
        self._scales: dict[str, Scale] = {}
        self._achievements: dict[tuple[UUID, str], dict[str, Any]] = {}

    def document(
        self, credential: Credential, achievement: Achievement, pair: Pair, valid_from: datetime
    ) -> dict[str, Any]:
        """The unsigned credential. Those of one achievement share its part of the document."""
        facts, key = self._facts(credential, achievement, pair, valid_from)
        composed = openbadges.document(facts)
        subject = composed["credentialSubject"]
        subject["achievement"] = self._achievements.setdefault(key, subject["achievement"])
        return composed

    def _facts(
        self, credential: Credential, achievement: Achievement, pair: Pair, valid_from: datetime
    ) -> tuple[openbadges.CredentialFacts, tuple[UUID, str]]:
        base = f"{self._issuer.base_url}/achievements/{achievement.handle}"
        evidence = self._evidence.get(credential.award_id, [])
        said = self._versions.get(credential.award_id) or present(
            achievement, self._aligned.get(achievement.id, ())
        )
        with use_locale(achievement.locale):
            scale = self._scale(evidence)
            facts = openbadges.CredentialFacts(
                id=credential.uri,
                subject_id=credential.subject_uri,
                issuer=profile(self._issuer),
                achievement=_achievement(self._issuer.base_url, base, said, scale),
                awarded=credential.created_at,
                valid_from=valid_from,
                valid_until=credential.expires_at,
                holder_name=credential.holder_name,
                email=_email(credential),
                outcomes=_outcomes(base, scale, evidence),
                evidence=tuple(_evidence(item, scale, credential.shows_links) for item in evidence),
                status=pair.entry(
                    self._issuer,
                    credential.status_index,
                    revoked=credential.revoked_at is not None,
                ),
                endorsements=tuple(
                    json.loads(signed) for signed in self._endorsements.get(credential.id, ())
                ),
            )
        return facts, (achievement.id, f"{said.version}:{scale!r}")

    def _scale(self, evidence: Sequence[EvidenceEvent]) -> Scale | None:
        work = next((item for item in evidence if item.kind == "reviewed_work"), None)
        if work is None:
            return None
        key = json.dumps([work.facts["rubric"], work.facts["levels"]], sort_keys=True)
        if key not in self._scales:
            self._scales[key] = scale_of(self._uow, work.facts["rubric"], work.facts["levels"])
        return self._scales[key]


def _email(credential: Credential) -> openbadges.HashedEmail | None:
    if not credential.email_hash:
        return None
    return openbadges.HashedEmail(salt=credential.email_salt, digest=credential.email_hash)


def _achievement(
    home: str, base: str, said: AsAwarded, scale: Scale | None
) -> openbadges.AchievementFacts:
    return openbadges.AchievementFacts(
        id=base,
        name=said.name,
        description=said.description,
        narrative=said.criteria,
        kind=said.kind,
        image_url=f"{base}/badge.svg",
        image_caption=said.name,
        criteria=_criteria(base, scale),
        alignment=tuple(
            openbadges.Target(
                name=f"{one['name']} ({one['level']})" if one["level"] else one["name"],
                url=one["url"] or f"{home}{one['place']}",
                kind=one["kind"],
                code=one["code"],
                framework=one["framework"],
                description=one["description"],
            )
            for one in said.alignment
        ),
    )


def _criteria(base: str, scale: Scale | None) -> tuple[openbadges.Criterion, ...]:
    if scale is None:
        return ()
    return tuple(
        openbadges.Criterion(
            id=f"{base}#{row.key}",
            name=row.title,
            levels=tuple(
                openbadges.Level(id=_level_id(base, row.key, rank), name=row.named(rank), rank=rank)
                for rank in row.levels
            ),
        )
        for row in scale.rows
    )


def _outcomes(
    base: str, scale: Scale | None, evidence: Sequence[EvidenceEvent]
) -> tuple[openbadges.Outcome, ...]:
    if scale is None:
        return ()
    work = next(item for item in evidence if item.kind == "reviewed_work")
    return tuple(
        openbadges.Outcome(
            criterion_id=f"{base}#{row.key}",
            level_id=_level_id(base, row.key, work.facts["levels"][row.key]),
        )
        for row in scale.rows
        if row.key in work.facts["levels"]
    )


def _level_id(base: str, key: str, level: int) -> str:
    return f"{base}#{key}-{level}"


def _evidence(
    item: EvidenceEvent, scale: Scale | None, with_links: bool
) -> openbadges.EvidenceFacts:
    name, narrative = describe(item, scale)
    return openbadges.EvidenceFacts(
        name=name,
        narrative=narrative,
        url=item.source_url if with_links and is_link(item.source_url) else "",
    )
