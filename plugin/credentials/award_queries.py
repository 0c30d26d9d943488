"""Selects for awarding: everybody's evidence, what was used up, who holds what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials import rules
from plugin.credentials.models import (
    BY_HAND,
    DECLINED,
    OPEN,
    Achievement,
    Award,
    AwardEvidence,
    EvidenceEvent,
    Proposal,
)
from plugin.credentials.queries import as_evidence
from plugin.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Past:
    """What somebody was given before: achievements that stand or wait for a decision, `keys` of
    evidence per achievement, and the subjects of the evidence that was used up."""

    standing: frozenset[UUID] = frozenset()
    keys: frozenset[tuple[UUID, str]] = frozenset()
    spent: frozenset[tuple[UUID, str]] = frozenset()


class Named(Protocol):
    """An achievement, as a row or as pages show it."""

    @property
    def id(self) -> UUID: ...
    @property
    def handle(self) -> str: ...


@dataclass(frozen=True)
class Record:
    """A person's evidence as rules read it, with the subject of each piece."""

    evidence: tuple[rules.Evidence, ...] = ()
    subjects: dict[UUID, str] = field(default_factory=dict, hash=False)

    def for_achievement(self, achievement: Named, past: Past) -> tuple[rules.Evidence, ...]:
        """Without decisions about other achievements and what was used up for this one."""
        return tuple(
            item
            for item in self.evidence
            if (achievement.id, self.subjects[item.id]) not in past.spent
            and not (isinstance(item, rules.Decided) and item.achievement != achievement.handle)
        )


def records(uow: UnitOfWork, person_id: UUID | None = None) -> dict[UUID, Record]:
    """The evidence of one person, or of everybody, in one select."""
    query = sa.select(EvidenceEvent).where(
        EvidenceEvent.person_id.is_not(None), EvidenceEvent.withdrawn_at.is_(None)
    )
    if person_id is not None:
        query = query.where(EvidenceEvent.person_id == person_id)
    rows: dict[UUID, list[EvidenceEvent]] = defaultdict(list)
    for row in uow.session.scalars(query):
        if row.person_id is not None:
            rows[row.person_id].append(row)
    return {
        person: Record(
            tuple(as_evidence(row) for row in found), {row.id: row.subject for row in found}
        )
        for person, found in rows.items()
    }


def evidence_rows(uow: UnitOfWork, person_id: UUID) -> Sequence[EvidenceEvent]:
    """Everything that is kept about what somebody did, oldest first."""
    return uow.session.scalars(
        sa.select(EvidenceEvent)
        .where(EvidenceEvent.person_id == person_id)
        .order_by(EvidenceEvent.occurred_at, EvidenceEvent.id)
    ).all()


@dataclass
class _Pasts:
    """Three indexes that grow row by row."""

    standing: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[UUID, set[tuple[UUID, str]]] = field(default_factory=lambda: defaultdict(set))
    spent: dict[UUID, set[tuple[UUID, str]]] = field(default_factory=lambda: defaultdict(set))

    def frozen(self) -> dict[UUID, Past]:
        return {
            person: Past(
                frozenset(self.standing[person]),
                frozenset(self.keys[person]),
                frozenset(self.spent[person]),
            )
            for person in {*self.keys, *self.standing, *self.spent}
        }


def pasts(
    uow: UnitOfWork, *, person_id: UUID | None = None, achievement_id: UUID | None = None
) -> dict[UUID, Past]:
    """What was given, put to somebody or declined before, by person; two or three selects."""
    found = _Pasts()
    _add_awards(uow, found, _only(Award, person_id, achievement_id))
    _add_proposals(uow, found, _only(Proposal, person_id, achievement_id))
    return found.frozen()


def _only(
    model: type[Award] | type[Proposal], person_id: UUID | None, achievement_id: UUID | None
) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if person_id is not None:
        where.append(model.person_id == person_id)
    if achievement_id is not None:
        where.append(model.achievement_id == achievement_id)
    return where


def _add_awards(uow: UnitOfWork, found: _Pasts, where: list[sa.ColumnElement[bool]]) -> None:
    rows = uow.session.execute(
        sa.select(Award, EvidenceEvent.subject)
        .outerjoin(AwardEvidence, AwardEvidence.award_id == Award.id)
        .outerjoin(EvidenceEvent, EvidenceEvent.id == AwardEvidence.evidence_id)
        .where(*where)
    )
    for award, subject in rows:
        found.keys[award.person_id].add((award.achievement_id, award.evidence_key))
        if award.standing:
            found.standing[award.person_id].add(award.achievement_id)
        elif subject is not None:
            found.spent[award.person_id].add((award.achievement_id, subject))


def _add_proposals(uow: UnitOfWork, found: _Pasts, where: list[sa.ColumnElement[bool]]) -> None:
    rows = uow.session.scalars(sa.select(Proposal).where(*where)).all()
    declined = [one for one in rows if one.state == DECLINED]
    subjects = _subjects(uow, {UUID(i) for one in declined for i in one.evidence_ids})
    for row in rows:
        found.keys[row.person_id].add((row.achievement_id, row.evidence_key))
        if row.state == OPEN:
            found.standing[row.person_id].add(row.achievement_id)
    for row in declined:
        for subject in {subjects.get(UUID(one)) for one in row.evidence_ids} - {None}:
            found.spent[row.person_id].add((row.achievement_id, str(subject)))


def _subjects(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = set(ids)
    if not wanted:
        return {}
    rows = uow.session.execute(
        sa.select(EvidenceEvent.id, EvidenceEvent.subject).where(EvidenceEvent.id.in_(wanted))
    )
    return {row.id: row.subject for row in rows}


def awardable(uow: UnitOfWork) -> Sequence[Achievement]:
    """What rules give now, oldest first: published, not stopped, not by hand alone."""
    return uow.session.scalars(
        sa.select(Achievement)
        .where(
            Achievement.published_at.is_not(None),
            Achievement.retired_at.is_(None),
            Achievement.mode != BY_HAND,
        )
        .order_by(Achievement.id)
    ).all()


def grounds_for(
    achievement: Achievement, rule: rules.Rule, record: Record, past: Past
) -> rules.Grounds | None:
    """Why this person is due this achievement now, None if they are not.

    Evidence that an award was given for once is used up for that achievement, also after the award
    was taken back, and whatever the rule says by then.
    """
    if achievement.id in past.standing:
        return None
    found = rules.grounds(rule, record.for_achievement(achievement, past))
    if found is None or (achievement.id, found.key) not in past.keys:
        return found
    fresh = sorted(record.subjects[one] for one in found.evidence_ids)
    key = rules.fresh_key(found.key, fresh)
    return None if (achievement.id, key) in past.keys else rules.Grounds(key, found.evidence_ids)
