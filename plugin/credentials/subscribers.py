"""What credentials hears: evidence comes in, awards follow, credentials are signed."""

from __future__ import annotations

from uuid import UUID

from plugin.credentials import jsonld
from plugin.credentials.errors import CredentialError
from plugin.credentials.queries import award_of, people_with_evidence
from plugin.credentials.services import (
    achievements,
    awarding,
    evidence,
    giving,
    issuing,
    status_runs,
)
from plugin.events.credentials import (
    AchievementAwarded,
    AchievementPublished,
    CredentialRevoked,
    GivingConfirmed,
    StatusRunStarted,
)
from plugin.events.expertise import ContributionRecorded, ContributionWithdrawn
from plugin.events.mentoring import PairAccepted, PairEnded
from plugin.events.people import IdentityLinked, MemberAdmitted
from plugin.events.reviews import ReviewSubmitted, WorkReviewed
from plugin.kernel.dispatch import DeliveryFacts, Park, on, on_remote
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

TOGETHER = 24  # a commit of so many stays short


def offer_standard(uow: UnitOfWork, _event: MemberAdmitted) -> None:
    """Give a community its first achievements. Unique: (community, standard)."""
    achievements.ensure_standard(uow, people.community(uow).locale)


def keep_reviewed_work(uow: UnitOfWork, event: WorkReviewed) -> None:
    """Keep reviewed work and award what it earns. Unique: (submission, time of review)."""
    holder = people.person(uow, event.person_id).id  # who they were merged into, if they were
    evidence.keep_reviewed_work(uow, event, holder)
    _judge(uow, holder)


def keep_contribution(uow: UnitOfWork, event: ContributionRecorded) -> None:
    """Keep a contribution and award what it earns. Unique: the contribution."""
    evidence.keep_contribution(uow, event)
    if event.person_id is not None:
        holder = people.person(uow, event.person_id).id
        evidence.attribute(uow, event.identity_id, holder)
        _judge(uow, holder)


def withdraw_contribution(uow: UnitOfWork, event: ContributionWithdrawn) -> None:
    """Count a contribution no more. Unique: the contribution."""
    evidence.withdraw_contribution(uow, event.contribution_id)


def attribute(uow: UnitOfWork, event: IdentityLinked) -> None:
    """Credit a person with what their account did before. Unique: (identity, person)."""
    holder = people.person(uow, event.person_id).id
    evidence.attribute(uow, event.identity_id, holder)
    _judge(uow, holder)


def keep_review(uow: UnitOfWork, event: ReviewSubmitted) -> None:
    """Keep that somebody wrote a review for another. Unique: the review."""
    holder = people.person(uow, event.reviewer_id).id
    evidence.keep_counted(
        uow,
        kind=evidence.REVIEW,
        key=str(event.review_id),
        person_id=holder,
        at=uow.now(),
        context_id=event.context_id,
        facts={"kind": "review_given"},
    )
    _judge(uow, holder)


def keep_pair(uow: UnitOfWork, event: PairAccepted) -> None:
    """Keep when a pair began. Unique: the pair."""
    evidence.keep_counted(
        uow,
        kind=evidence.MENTORING,
        key=f"{event.pair_id}:began",
        person_id=people.person(uow, event.mentor_id).id,
        at=uow.now(),
        context_id=event.context_id,
        facts={"kind": "pair_begun"},
        assessors=(people.person(uow, event.mentee_id).id,),
    )


def keep_pair_end(uow: UnitOfWork, event: PairEnded) -> None:
    """Keep a pair that ran for some weeks, for both sides. Unique: (pair, side).

    What was taken back before it ran, or ended within days, was no programme.
    """
    begun = evidence.began(uow, event.pair_id)
    days = (uow.now() - begun).days if begun is not None else 0
    if event.reason == "undone" or days < evidence.LEAST_DAYS:
        return
    mentor, mentee = (people.person(uow, one).id for one in (event.mentor_id, event.mentee_id))
    for kind, counted, holder, other in (
        (evidence.MENTORING, "mentored_pair", mentor, mentee),
        (evidence.PROGRAMME, "finished_programme", mentee, mentor),
    ):
        evidence.keep_counted(
            uow,
            kind=kind,
            key=str(event.pair_id),
            person_id=holder,
            at=uow.now(),
            context_id=event.context_id,
            facts={"kind": counted, "days": days},
            assessors=(other,),
        )
        _judge(uow, holder)


def after_revocation(uow: UnitOfWork, event: CredentialRevoked) -> None:
    """What was taken back is no ground for what builds on it. Unique: the award."""
    award = award_of(uow, event.credential_id)
    if award is not None:
        awarding.no_longer_earned(uow, [award])


def _judge(uow: UnitOfWork, person_id: UUID) -> None:
    # The first evidence may come in before the first member was announced.
    achievements.ensure_standard(uow, people.community(uow).locale)
    awarding.award_due(uow, person_id)


def issue(services: Services, delivery: DeliveryFacts, event: AchievementAwarded) -> None:
    """Sign the credential of an award. Unique: the award. Remote only because signing needs the
    vault; it opens no connection."""
    jsonld.warm()  # the first expansion reads the contexts: not while the database is locked
    try:
        _issue(services, delivery.community_id, event.award_id, others=TOGETHER)
    except CredentialError:  # perhaps another one's fault: then this one alone
        try:
            _issue(services, delivery.community_id, event.award_id, others=0)
        except CredentialError as problem:
            raise Park(f"this credential cannot be signed: {problem}") from problem


def _issue(services: Services, community_id: UUID, award_id: UUID, *, others: int) -> None:
    """Sign one award, and with it some that wait too: many of one shape cost a tenth each, and
    their own deliveries then find the work done."""
    with services.units.community(community_id) as uow:
        if issuing.is_issued(uow, award_id):
            return
        awards = {award_id, *(issuing.waiting(uow, others) if others else ())}
        issuing.issue_many(uow, services.vault, sorted(awards), base_url=services.settings.base_url)
        uow.commit()


def change_many(services: Services, delivery: DeliveryFacts, event: StatusRunStarted) -> None:
    """Carry out a run chunk by chunk, each in its own commit. Unique: (run, credential)."""
    jsonld.warm()
    more = True
    while more:
        with services.units.community(delivery.community_id) as uow:
            more = status_runs.advance(uow, services.vault, event.run_id)
            uow.commit()


def give_to_many(services: Services, delivery: DeliveryFacts, event: GivingConfirmed) -> None:
    """Give to everybody on a checked list, a few in each commit. Unique: (run, line)."""
    more = True
    while more:
        with services.units.community(delivery.community_id) as uow:
            more = giving.advance(uow, event.run_id)
            uow.commit()


def look_back(services: Services, delivery: DeliveryFacts, _event: AchievementPublished) -> None:
    """Award a new achievement for evidence from before, person by person so that no commit is
    long. Unique: (person, achievement)."""
    with services.units.reading(delivery.community_id) as uow:
        everybody = people_with_evidence(uow)
    for person_id in everybody:
        with services.units.community(delivery.community_id) as uow:
            if awarding.award_due(uow, person_id):
                uow.commit()


SUBSCRIPTIONS = (
    on(MemberAdmitted, "credentials.offer_standard", offer_standard),
    on(WorkReviewed, "credentials.keep_reviewed_work", keep_reviewed_work),
    on(ContributionRecorded, "credentials.keep_contribution", keep_contribution),
    on(ContributionWithdrawn, "credentials.withdraw_contribution", withdraw_contribution),
    on(IdentityLinked, "credentials.attribute", attribute),
    on(ReviewSubmitted, "credentials.keep_review", keep_review),
    on(PairAccepted, "credentials.keep_pair", keep_pair),
    on(PairEnded, "credentials.keep_pair_end", keep_pair_end),
    on(CredentialRevoked, "credentials.after_revocation", after_revocation),
    on_remote(AchievementAwarded, "credentials.issue", issue),
    on_remote(StatusRunStarted, "credentials.change_many", change_many),
    on_remote(GivingConfirmed, "credentials.give_to_many", give_to_many),
    on_remote(AchievementPublished, "credentials.look_back", look_back),
)
