"""Drafts, previews, proposals, decisions by hand, stacks, versions: what staff decide."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from plugin.credentials import rules
from plugin.credentials.models import (
    Achievement,
    Award,
    AwardEvidence,
    Credential,
    EvidenceEvent,
    Proposal,
)
from plugin.credentials.services import achievements, deciding, revoking
from plugin.credentials.services.achievements import Content
from plugin.credentials.services.previewing import Preview, preview
from plugin.events.expertise import ContributionWithdrawn
from plugin.events.mentoring import PairAccepted, PairEnded
from plugin.events.reviews import ReviewSubmitted
from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.ids import new_id
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from tests.plugin.credentials.conftest import Place
from tests.plugin.credentials.test_pages import browser_of
from tests.support.clock import FixedClock


def make(place: Place, rule: rules.Rule, *, live: bool = True, **changes: Any) -> str:
    """An achievement of this rule; its handle."""
    content = {"name": "Special", "description": "Can do something special.", "kind": "Badge"}

    def act(uow: UnitOfWork) -> str:
        row = achievements.draft(uow, Content(rule=rule, **content | changes), "en", new_id())
        if live:
            achievements.go_live(uow, row, new_id())
        return row.handle

    handle: str = place.do(act)
    return handle


def row_of(uow: UnitOfWork, handle: str) -> Achievement:
    return uow.session.scalars(sa.select(Achievement).where(Achievement.handle == handle)).one()


def tried(place: Place, handle: str) -> Preview:
    def look(uow: UnitOfWork) -> Preview:
        row = row_of(uow, handle)
        return preview(uow, row, rules.from_json(row.rule))

    found: Preview = place.read(look)
    return found


def names(place: Place, person: UUID) -> set[str]:
    return {item.name for item in place.earned(person) if item.revoked_at is None}


def take_back(place: Place, person: UUID, name: str) -> None:
    def act(uow: UnitOfWork) -> None:
        for row in uow.session.scalars(
            sa.select(Credential)
            .join(Achievement, Achievement.id == Credential.achievement_id)
            .where(Credential.person_id == person, Achievement.name == name)
        ):
            revoking.revoke(uow, place.services.vault, row, reason="By mistake", actor=new_id())

    place.do(act)


def proposals(place: Place) -> list[Proposal]:
    found: list[Proposal] = place.read(
        lambda uow: list(uow.session.scalars(sa.select(Proposal).order_by(Proposal.id)))
    )
    return found


def approve(place: Place, proposal: Proposal, actor: UUID) -> None:
    def act(uow: UnitOfWork) -> None:
        deciding.approve(uow, uow.session.get_one(Proposal, proposal.id), actor)

    place.do(act)


def test_a_preview_names_who_and_why_and_changes_nothing(place: Place) -> None:
    ada, bea, cai = (place.person(name) for name in ("Ada", "Bea", "Cai"))
    place.happen(place.reviewed(ada), place.reviewed(bea, mentor_reviews=1), place.reviewed(cai))
    rule = rules.RubricLevel(level=2, reviews=2, mentor_reviews=1, rubric="clear-work")
    handle = make(place, rule, live=False)
    before = place.read(lambda uow: uow.session.scalar(sa.select(sa.func.count(Award.id))))

    found = tried(place, handle)

    assert (found.total, found.judged, found.holders, found.near) == (1, 3, 0, 2)
    (only,) = found.candidates
    assert (only.person_id, only.name) == (bea, "Bea")
    assert "Work reviewed by 2 people" in only.because[0]
    assert "1 of them is a mentor" in only.because[0]
    assert "Purpose:" in only.because[0]
    place.happen()
    after = place.read(lambda uow: uow.session.scalar(sa.select(sa.func.count(Award.id))))
    assert (before, proposals(place)) == (after, [])
    assert "Special" not in names(place, bea)


def test_publishing_gives_exactly_what_the_preview_said(place: Place) -> None:
    persons = [place.person(f"P{number}") for number in range(6)]
    for number, person in enumerate(persons):
        account = place.account(f"p{number}")
        place.happen(*(place.answered(account, person, number=n) for n in range(number)))
    handle = make(place, rules.Contributions(kind="accepted_answer", count=3), live=False)
    said = {item.person_id for item in tried(place, handle).candidates}

    place.do(lambda uow: achievements.go_live(uow, row_of(uow, handle), new_id()))

    assert {person for person in persons if "Special" in names(place, person)} == said
    assert len(said) == 3
    assert tried(place, handle).total == 0
    assert tried(place, handle).holders == 3


def test_stacked_achievements_come_in_one_go_and_fall_with_their_base(place: Place) -> None:
    ada = place.person("Ada")
    base = place.read(
        lambda uow: uow.session.scalars(
            sa.select(Achievement.handle).where(Achievement.standard == "reviewed_work")
        ).first()
    )
    make(place, rules.Holds(achievement=base), name="Second")
    second = place.read(
        lambda uow: uow.session.scalars(
            sa.select(Achievement.handle).where(Achievement.name == "Second")
        ).one()
    )
    make(place, rules.Holds(achievement=second), name="Third")

    place.happen(place.reviewed(ada))
    assert names(place, ada) == {"Reviewed work", "Second", "Third"}

    bea = place.person("Bea")
    place.happen(place.reviewed(bea))
    take_back(place, bea, "Second")
    make(place, rules.Holds(achievement=second), name="Fourth")
    assert names(place, bea) == {"Reviewed work", "Third"}  # people take back, rules do not
    assert "Fourth" in names(place, ada)


def test_achievements_that_need_each_other_are_refused(place: Place) -> None:
    first = make(place, rules.Contributions(kind="review_given", count=1), name="First one")
    second = make(place, rules.Holds(achievement=first), name="Second one")

    def circle(uow: UnitOfWork) -> None:
        row = row_of(uow, first)
        content = achievements.content_of(row)
        achievements.revise(
            uow, row, Content(**{**vars(content), "rule": rules.Holds(achievement=second)})
        )
        achievements.go_live(uow, row, new_id())

    with pytest.raises(Invalid):
        place.do(circle)


def test_a_proposal_waits_for_a_yes_and_is_made_once(place: Place) -> None:
    ada, staff = place.person("Ada"), place.person("Cleo")
    make(place, rules.Contributions(kind="accepted_answer", count=1), mode="proposed")
    answer = place.answered(place.account("ada"), ada)

    place.happen(answer)
    place.happen(answer, place.answered(answer.identity_id, ada, number=2))
    (one,) = proposals(place)
    assert "Special" not in names(place, ada)

    approve(place, one, staff)
    assert "Special" in names(place, ada)
    award = place.read(
        lambda uow: uow.session.scalars(sa.select(Award).where(Award.decided_by == staff)).one()
    )
    rests = place.read(
        lambda uow: uow.session.scalars(
            sa.select(AwardEvidence.evidence_id).where(AwardEvidence.award_id == award.id)
        ).all()
    )
    assert [str(item) for item in rests] == one.evidence_ids
    with pytest.raises(Conflict):
        approve(place, one, staff)


def test_a_no_holds_for_that_evidence_and_not_for_new_evidence(place: Place) -> None:
    ada, staff = place.person("Ada"), place.person("Cleo")
    make(place, rules.Contributions(kind="accepted_answer", count=2), mode="proposed")
    account = place.account("ada")
    place.happen(*(place.answered(account, ada, number=n) for n in range(2)))
    (first,) = proposals(place)

    def say_no(uow: UnitOfWork) -> None:
        deciding.decline(uow, uow.session.get_one(Proposal, first.id), staff, "Copied")

    place.do(say_no)
    place.happen(place.answered(account, ada, number=3))
    assert len(proposals(place)) == 1
    place.happen(place.answered(account, ada, number=4))

    assert len(proposals(place)) == 2
    assert not set(first.evidence_ids) & set(proposals(place)[1].evidence_ids)


def test_a_yes_to_evidence_that_was_taken_back_is_refused(place: Place) -> None:
    ada, staff = place.person("Ada"), place.person("Cleo")
    make(place, rules.Contributions(kind="accepted_answer", count=1), mode="proposed")
    answer = place.answered(place.account("ada"), ada)
    place.happen(answer)
    place.happen(
        ContributionWithdrawn(
            contribution_id=answer.contribution_id,
            identity_id=answer.identity_id,
            person_id=ada,
        )
    )

    with pytest.raises(Conflict):
        approve(place, proposals(place)[0], staff)
    assert "Special" not in names(place, ada)


def test_the_same_evidence_never_awards_twice_even_when_the_rule_changes(place: Place) -> None:
    ada = place.person("Ada")
    account = place.account("ada")
    handle = make(place, rules.Contributions(kind="accepted_answer", count=2))
    place.happen(*(place.answered(account, ada, number=n) for n in range(2)))
    take_back(place, ada, "Special")

    def lower(uow: UnitOfWork) -> None:
        row = row_of(uow, handle)
        easier = rules.Contributions(kind="accepted_answer", count=1)
        content = Content(**{**vars(achievements.content_of(row)), "rule": easier})
        achievements.revise(uow, row, content)
        achievements.go_live(uow, row, new_id())

    place.do(lower)
    assert "Special" not in names(place, ada)
    place.happen(place.answered(account, ada, number=9))
    assert "Special" in names(place, ada)


def test_a_change_waits_until_it_is_published_and_old_awards_keep_their_version(
    place: Place,
) -> None:
    ada, bea = place.person("Ada"), place.person("Bea")
    handle = make(place, rules.Contributions(kind="review_given", count=1))
    place.happen(review_by(ada, bea))
    (old,) = [item for item in place.earned(ada) if item.name == "Special"]

    def revise(uow: UnitOfWork) -> None:
        row = row_of(uow, handle)
        content = achievements.content_of(row)
        changed = Content(
            **{
                **vars(content),
                "description": "Can do more than before.",
                "rule": rules.Contributions(kind="review_given", count=5),
            }
        )
        achievements.revise(uow, row, changed)

    place.do(revise)
    assert row(place, handle).criteria.startswith("1 review")
    place.do(lambda uow: achievements.go_live(uow, row_of(uow, handle), new_id()))
    assert (row(place, handle).version, row(place, handle).pending) == (2, None)
    assert row(place, handle).criteria.startswith("5 reviews")

    from plugin.credentials.services import issuing

    def again(uow: UnitOfWork) -> None:
        found = uow.session.get_one(Credential, old.id)
        issuing.add_edition(uow, place.services.vault, found)

    place.do(again)
    signed = json.loads(next(c for c in place.earned(ada) if c.id == old.id).signed)
    said = signed["credentialSubject"]["achievement"]
    assert said["criteria"]["narrative"].startswith("1 review")
    assert said["description"] == "Can do something special."


def row(place: Place, handle: str) -> Achievement:
    found: Achievement = place.read(lambda uow: row_of(uow, handle))
    return found


def review_by(reviewer: UUID, author: UUID) -> ReviewSubmitted:
    return ReviewSubmitted(
        review_id=new_id(),
        submission_id=new_id(),
        activity_id=new_id(),
        context_id=new_id(),
        reviewer_id=reviewer,
        author_id=author,
    )


def test_mentoring_counts_for_both_when_it_ran_for_weeks(place: Place, clock: FixedClock) -> None:
    mona, lea = place.person("Mona"), place.person("Lea")
    make(place, rules.Contributions(kind="mentored_pair", count=1), name="Mentored")
    make(place, rules.Contributions(kind="finished_programme", count=1), name="Finished")

    def pair(days: int, reason: str = "ended") -> None:
        facts = {
            "pair_id": new_id(),
            "context_id": new_id(),
            "mentor_id": mona,
            "mentee_id": lea,
        }
        place.happen(PairAccepted(**facts))
        clock.advance(days=days)
        place.happen(PairEnded(**facts, reason=reason))

    pair(3)
    pair(60, "undone")
    assert (names(place, mona), names(place, lea)) == (set(), set())
    pair(60)
    assert (names(place, mona), names(place, lea)) == ({"Mentored"}, {"Finished"})
    (award,) = place.earned(mona)
    assert "One pair for 8 weeks" in json.loads(award.signed)["evidence"][0]["narrative"]
    assert "Lea" not in award.signed.decode()


def test_by_hand_the_decision_is_the_evidence_and_once_is_enough(place: Place) -> None:
    ada, staff = place.person("Ada"), place.person("Cleo")
    handle = make(place, rules.Decision(by="staff"), mode="by_hand")

    def give(uow: UnitOfWork, key: str) -> None:
        deciding.give_by_hand(uow, row_of(uow, handle), ada, staff, "Ran the first meeting.", key)

    place.do(lambda uow: give(uow, "k"))
    with pytest.raises(Conflict):
        place.do(lambda uow: give(uow, "k"))
    (item,) = place.earned(ada)
    assert "Ran the first meeting." in json.loads(item.signed)["evidence"][0]["narrative"]
    take_back(place, ada, "Special")
    with pytest.raises(Conflict):
        place.do(lambda uow: give(uow, "k"))
    place.do(lambda uow: give(uow, "another decision"))
    assert names(place, ada) == {"Special"}


def test_a_mentors_word_counts_for_this_achievement_alone(place: Place) -> None:
    ada, mona = place.person("Ada"), place.person("Mona")
    handle = make(place, rules.Decision(by="mentor"))
    make(place, rules.Decision(by="mentor"), name="Another")

    def say(uow: UnitOfWork, who: UUID = mona) -> None:
        deciding.say_so(uow, row_of(uow, handle), ada, who, "I saw her do it.", "mentor")

    with pytest.raises(Invalid):
        place.do(lambda uow: say(uow, ada))
    place.do(say)
    place.do(say)

    assert names(place, ada) == {"Special"}
    kept = place.read(
        lambda uow: uow.session.scalars(
            sa.select(EvidenceEvent).where(EvidenceEvent.kind == "decision")
        ).all()
    )
    assert len(kept) == 1
    assert str(mona) not in str(kept[0].source_key)


def test_staff_decide_and_give_on_the_page(client: FlaskClient, place: Place) -> None:
    ada = place.person("Ada Lovelace")
    place.do(lambda uow: people.confirm_email(uow, ada, "ada@example.org"))
    staff = browser_of(place, client, "Cleo", "coordinator")
    rule = rules.Contributions(kind="accepted_answer", count=1)
    handle = make(place, rule, mode="proposed")
    by_hand = make(place, rules.Decision(by="staff"), mode="by_hand", name="Given")
    place.happen(place.answered(place.account("ada"), ada))
    page = f"/admin/achievements/{handle}"

    assert "1 person waits for your yes or no" in staff.get("/admin/achievements").text
    assert "Waiting for your yes or no" in staff.get(page).text
    (one,) = proposals(place)
    elsewhere = staff.post(f"/admin/achievements/{by_hand}/approve/{one.handle}")
    assert elsewhere.status_code == 404
    assert staff.post(f"{page}/approve/{one.handle}").status_code == 303
    assert staff.post(f"{page}/decline/{one.handle}").status_code == 409
    give = f"/admin/achievements/{by_hand}/give"
    words = {"words": "She ran the first meeting."}
    assert staff.post(give, {"who": "nobody@example.org"} | words).status_code == 422
    assert staff.post(give, {"who": "ada@example.org", "words": "x"}).status_code == 422
    assert staff.post(give, {"who": " ADA@example.org "} | words).status_code == 303
    assert staff.post(give, {"who": "ada@example.org"} | words).status_code == 409
    assert staff.post(f"{page}/give", {"who": "ada@example.org"} | words).status_code == 409
    place.happen()
    assert {"Special", "Given"} <= names(place, ada)


def test_members_decide_nothing(client: FlaskClient, place: Place) -> None:
    handle = make(place, rules.Decision(by="staff"), mode="by_hand")
    member = browser_of(place, client, "Ada")
    base = f"/admin/achievements/{handle}"

    for path in ("publish", "discard", "give", "text", "change", "approve/x", "decline/x"):
        assert member.post(f"{base}/{path}").status_code == 403, path
    assert member.get(f"{base}/change").status_code == 403
