"""Recognition for those who help: what they gave, their service letter, thanks, what was confirmed.

Minutes come from the time ledger, outcomes from the people who were mentored. Everything here is
about one person; nothing compares persons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials import rules
from plugin.credentials.milestones import Served
from plugin.credentials.models import (
    BY_HAND,
    HELD,
    Achievement,
    Award,
    AwardEvidence,
    Credential,
    EvidenceAssessor,
    EvidenceEvent,
    Thanks,
)
from plugin.credentials.services.achievements import Content, add
from plugin.credentials.services.awarding import award_due, give
from plugin.credentials.services.evidence import MENTORING, OUTCOME, keep_counted
from plugin.credentials.services.issuing import add_edition
from plugin.credentials.services.naming import SERVICE
from plugin.credentials.wording import LETTER, OUTCOMES
from plugin.kernel.crypto import Vault
from plugin.kernel.errors import Conflict, NotFound
from plugin.kernel.i18n import _, use_locale
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.notifications.public import notify
from plugin.people import public as people
from plugin.workload import public as workload

STANDARD_LETTER = "service_letter"
_KINDS = {"mentoring.pair": "pairs", "workload.lease": "reviews"}


@dataclass(frozen=True)
class Mentorship:
    """Somebody who mentored me: whom I may thank and confirm."""

    key: str
    mentor_id: UUID
    began: datetime

    @property
    def handle(self) -> str:
        """Its name in an address: the key is an id, and ids do not leave."""
        return sha256(f"mentorship:{self.key}".encode()).hexdigest()[:24]


def served(uow: UnitOfWork, person_id: UUID) -> Served:
    """What somebody gave so far; four selects."""
    minutes: Counter[str] = Counter()
    for given in workload.time_given(uow, person_id):
        minutes[_KINDS.get(given.key.partition(":")[0], "other")] += given.minutes
    rows = uow.session.scalars(
        sa.select(EvidenceEvent).where(
            EvidenceEvent.person_id == person_id, EvidenceEvent.withdrawn_at.is_(None)
        )
    ).all()
    kinds = Counter(str(row.facts.get("kind", row.kind)) for row in rows)
    outcomes: Counter[str] = Counter()
    for row in rows:
        if row.kind == OUTCOME:
            outcomes.update(row.facts.get("outcomes", ()))
    return Served(
        minutes=dict(minutes),
        pairs=kinds["mentored_pair"],
        reviews=kinds["review_given"],
        outcomes=dict(outcomes),
        confirmed=kinds["confirmed_outcome"],
    )


def letter_of(uow: UnitOfWork, person_id: UUID) -> str | None:
    """The handle of the letter that stands, None while there is none."""
    return uow.session.scalar(
        sa.select(Credential.handle)
        .join(Award, Award.id == Credential.award_id)
        .join(Achievement, Achievement.id == Award.achievement_id)
        .where(
            Award.person_id == person_id,
            Achievement.standard == STANDARD_LETTER,
            Award.standing == HELD,
        )
    )


def write_letter(uow: UnitOfWork, vault: Vault, person_id: UUID) -> None:
    """Write the service letter, or write it anew under the same identifier.

    Unique: one letter that stands for a person. Raises Conflict while nothing was given yet.
    """
    item = _service(uow, person_id)
    achievement = _letter(uow)
    award = uow.session.scalars(
        sa.select(Award).where(
            Award.person_id == person_id,
            Award.achievement_id == achievement.id,
            Award.standing == HELD,
        )
    ).first()
    if award is None:
        give(uow, person_id, achievement, rules.Grounds(f"service:{item.id}", (item.id,)))
        return
    uow.session.execute(sa.delete(AwardEvidence).where(AwardEvidence.award_id == award.id))
    uow.session.add(AwardEvidence(award_id=award.id, evidence_id=item.id))
    uow.session.flush()
    credential = uow.session.scalars(
        sa.select(Credential).where(Credential.award_id == award.id)
    ).first()
    if credential is not None:
        add_edition(uow, vault, credential)


def mentorships(uow: UnitOfWork, person_id: UUID) -> list[Mentorship]:
    """Who mentors or mentored this person, as far as we heard, newest first."""
    rows = uow.session.scalars(
        sa.select(EvidenceEvent)
        .join(EvidenceAssessor, EvidenceAssessor.evidence_id == EvidenceEvent.id)
        .where(
            EvidenceEvent.kind == MENTORING,
            EvidenceEvent.source_key.like("%:began"),
            EvidenceAssessor.person_id == person_id,
            EvidenceEvent.person_id.is_not(None),
        )
        .order_by(EvidenceEvent.occurred_at.desc())
    )
    return [
        Mentorship(row.source_key.removesuffix(":began"), row.person_id, row.occurred_at)
        for row in rows
        if row.person_id is not None and row.person_id != person_id
    ]


def thanks_by(uow: UnitOfWork, person_id: UUID) -> dict[str, Thanks]:
    """What somebody wrote, by mentorship."""
    rows = uow.session.scalars(sa.select(Thanks).where(Thanks.from_id == person_id))
    return {row.mentorship: row for row in rows}


def thanks_to(uow: UnitOfWork, person_id: UUID) -> Sequence[Thanks]:
    """The notes that somebody got, newest first."""
    return uow.session.scalars(
        sa.select(Thanks)
        .where(Thanks.to_id == person_id, Thanks.note != "")
        .order_by(Thanks.id.desc())
    ).all()


def thank(
    uow: UnitOfWork, person_id: UUID, mentorship: str, *, note: str, confirmed: Sequence[str]
) -> None:
    """Thank a mentor and confirm what came of it; `mentorship` is its handle. Unique: (mentorship,
    who writes); writing again replaces it. What is confirmed counts for the mentor; the note is
    read by them alone."""
    found = {one.handle: one for one in mentorships(uow, person_id)}.get(mentorship)
    if found is None:
        raise NotFound("no_mentorship", _("You were not mentored there."))
    chosen = [one for one in OUTCOMES if one in confirmed]
    row = thanks_by(uow, person_id).get(found.key)
    if row is None:
        row = Thanks(
            mentorship=found.key,
            from_id=person_id,
            to_id=found.mentor_id,
            created_at=uow.now(),
        )
        uow.session.add(row)
    row.note, row.confirmed = note, chosen
    uow.session.flush()
    _confirm(uow, found, person_id, chosen)
    award_due(uow, found.mentor_id)
    if note:
        me = people.person(uow, person_id)
        notify(
            uow,
            found.mentor_id,
            kind="answered",
            message="credential.thanks",
            params={"name": me.name},
            url="/my/recognition",
            key=f"thanks:{found.key}",
        )


def _confirm(uow: UnitOfWork, about: Mentorship, mentee: UUID, outcomes: list[str]) -> None:
    """One piece of evidence for each mentorship; nothing confirmed any more withdraws it."""
    row = uow.session.scalars(
        sa.select(EvidenceEvent).where(
            EvidenceEvent.kind == OUTCOME, EvidenceEvent.source_key == about.key
        )
    ).first()
    facts = {"kind": "confirmed_outcome", "outcomes": outcomes}
    if row is not None:
        row.facts = facts
        row.withdrawn_at = None if outcomes else uow.now()
        uow.session.flush()
    elif outcomes:
        keep_counted(
            uow,
            kind=OUTCOME,
            key=about.key,
            person_id=about.mentor_id,
            at=uow.now(),
            context_id=None,
            facts=facts,
            assessors=(mentee,),
        )


def _service(uow: UnitOfWork, person_id: UUID) -> EvidenceEvent:
    """What the letter rests on: the figures of this very moment, kept as they are."""
    of = served(uow, person_id)
    given = workload.time_given(uow, person_id)
    if not of.total:
        raise Conflict(
            "credentials.nothing_given", _("No time is written down yet: there is nothing to say.")
        )
    row = EvidenceEvent(
        kind=SERVICE,
        source_key=f"{uow.new_handle()}",
        subject=f"service:{uow.new_id()}",
        person_id=person_id,
        occurred_at=uow.now(),
        facts={
            "kind": SERVICE,
            "minutes": of.minutes,
            "outcomes": of.outcomes,
            "pairs": of.pairs,
            "reviews": of.reviews,
            "since": min(one.since for one in given).date().isoformat(),
        },
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def _letter(uow: UnitOfWork) -> Achievement:
    """The achievement that letters belong to. Unique: (community, standard)."""
    known = uow.session.scalars(
        sa.select(Achievement).where(Achievement.standard == STANDARD_LETTER)
    ).first()
    if known is not None:
        return known
    locale = people.community(uow).locale
    with use_locale(locale):
        content = Content(
            name=str(LETTER[0]),
            description=str(LETTER[1]),
            note=str(LETTER[2]),
            kind="CommunityService",
            mode=BY_HAND,
            rule=rules.Decision(by="staff"),
        )
    row = add(uow, content, locale, standard=STANDARD_LETTER)
    row.criteria = content.note  # no rule leads here: the ledger does
    row.published_at = uow.now()
    uow.session.flush()
    return row
