"""From an event to a signed credential, once, whatever is delivered again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from plugin.credentials import did, proofs, queries, rules, status_list
from plugin.credentials.models import (
    Achievement,
    Credential,
    CredentialEdition,
    EvidenceEvent,
    Issuer,
    StatusList,
)
from plugin.credentials.services import achievements, issuers, keys, revoking
from plugin.credentials.wording import Words
from plugin.events.credentials import AchievementAwarded
from plugin.events.expertise import ContributionWithdrawn
from plugin.events.people import IdentityLinked
from plugin.kernel.ids import new_id
from plugin.kernel.outbox import OutboxMessage
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from tests.plugin.credentials.conftest import Place


def wants(place: Place) -> list[dict[str, Any]]:
    """The forum badges that were wanted, in order."""
    with place.services.units.system_reading() as uow:
        rows = uow.session.scalars(
            sa.select(OutboxMessage)
            .where(OutboxMessage.name == "wants.badge.v1")
            .order_by(OutboxMessage.id)
        )
        return [row.payload for row in rows]


def verify(place: Place, signed: bytes) -> dict[str, Any]:
    """Check a signed document against the keys that its issuer publishes."""

    def published(uow: UnitOfWork) -> dict[str, Any]:
        issuer = uow.session.scalars(sa.select(Issuer)).one()
        return {
            did.verification_method(issuer.did, key): key
            for key in keys.published_keys(uow, issuer)
        }

    document: dict[str, Any] = json.loads(signed)
    proofs.verify(document, place.read(published))
    return document


def test_reviewed_work_earns_a_verifiable_credential(place: Place) -> None:
    ada = place.person("Ada")

    place.happen(place.reviewed(ada))

    (credential,) = place.earned(ada)
    document = verify(place, credential.signed)
    assert document["credentialSubject"]["achievement"]["name"] == "Reviewed work"
    assert document["issuer"]["name"] == "Northern Lights"
    assert "2 people" in document["evidence"][0]["narrative"]
    assert "“Clear work”" in document["evidence"][0]["narrative"]
    assert "9f86d081" in document["evidence"][0]["narrative"]
    assert [r["achievedLevel"][-2:] for r in document["credentialSubject"]["result"]] == [
        "-2",
        "-3",
        "-2",
    ]


def test_the_document_names_nobody_and_no_address(place: Place) -> None:
    ada = place.person("Ada Lovelace")
    account = place.account("ada_l")

    place.happen(place.reviewed(ada), place.answered(account, ada))

    for credential in place.earned(ada):
        text = credential.signed.decode()
        assert "Ada" not in text
        assert "ada_l" not in text
        assert "forum.example" not in text
        assert "@" not in text.replace('"@context"', "")
        assert str(ada) not in text


def test_work_below_the_level_or_with_too_few_reviews_earns_nothing(place: Place) -> None:
    ada = place.person("Ada")

    place.happen(
        place.reviewed(ada, levels={"purpose": 3, "reasoning": 1, "form": 3}),
        place.reviewed(ada, reviews=1),
        place.reviewed(ada, levels={}),
        place.reviewed(ada, rubric="another-rubric"),
    )

    assert place.earned(ada) == []


def test_a_later_review_lifts_the_work_over_the_bar(place: Place) -> None:
    ada = place.person("Ada")
    submission = new_id()
    now = place.services.clock.now()

    place.happen(place.reviewed(ada, submission_id=submission, levels={"purpose": 1}))
    place.happen(
        place.reviewed(ada, submission_id=submission, reviewed_at=now + timedelta(hours=1))
    )

    assert len(place.earned(ada)) == 1


def test_every_evidence_event_is_kept_once(place: Place) -> None:
    ada = place.person("Ada")
    work = place.reviewed(ada, levels={"purpose": 0})
    answer = place.answered(place.account("ada"), ada)

    place.happen(work, answer)
    place.happen(work, answer)

    kept = place.read(lambda uow: sorted(uow.session.scalars(sa.select(EvidenceEvent.kind)).all()))
    assert kept == ["award", "contribution", "reviewed_work"]  # the award counts for others too


def test_the_same_event_again_awards_and_signs_nothing_more(place: Place) -> None:
    ada = place.person("Ada")
    work = place.reviewed(ada)

    place.happen(work)
    (before,) = place.earned(ada)
    place.happen(work)
    award = place.read(lambda uow: uow.session.scalars(sa.select(Credential.award_id)).one())
    place.happen(
        AchievementAwarded(award_id=award, person_id=ada, achievement_id=before.achievement_id)
    )

    assert place.earned(ada) == [before]
    assert len(wants(place)) == 1


def test_more_good_work_does_not_give_the_same_achievement_twice(place: Place) -> None:
    ada = place.person("Ada")

    place.happen(place.reviewed(ada))
    place.happen(place.reviewed(ada))

    assert len(place.earned(ada)) == 1


def test_an_accepted_answer_earns_the_second_achievement_and_a_badge(place: Place) -> None:
    ada = place.person("Ada")

    place.happen(place.reviewed(ada))
    place.happen(place.answered(place.account("ada"), ada, number=4))

    assert {c.name for c in place.earned(ada)} == {"Reviewed work", "Helpful answer"}
    work, answer = wants(place)
    assert work["badge_name"] == "Reviewed work"
    assert work["reason_url"] == ""
    assert answer["reason_url"] == "https://forum.example/t/how/7/4"
    assert answer["granted"] is True
    assert answer["image_url"].endswith("/badge.svg")


def test_what_an_account_did_before_counts_once_it_is_linked(place: Place) -> None:
    ada = place.person("Ada")
    account = place.account("ada")

    place.happen(place.answered(account))
    assert place.earned(ada) == []
    place.happen(IdentityLinked(identity_id=account, person_id=ada, kind="discourse"))

    assert [c.name for c in place.earned(ada)] == ["Helpful answer"]


def test_a_withdrawn_answer_counts_no_more_but_takes_nothing_away(place: Place) -> None:
    ada, bea = place.person("Ada"), place.person("Bea")
    first = place.answered(place.account("ada"), ada)
    place.happen(first)
    place.happen(
        ContributionWithdrawn(
            contribution_id=first.contribution_id, identity_id=first.identity_id, person_id=ada
        )
    )
    (kept,) = place.earned(ada)
    assert kept.revoked_at is None

    unlinked = place.account("bea")
    answer = place.answered(unlinked)
    place.happen(answer)
    place.happen(
        ContributionWithdrawn(
            contribution_id=answer.contribution_id, identity_id=unlinked, person_id=None
        )
    )
    place.happen(IdentityLinked(identity_id=unlinked, person_id=bea, kind="discourse"))
    assert place.earned(bea) == []

    place.happen(answer)
    place.happen(IdentityLinked(identity_id=unlinked, person_id=bea, kind="discourse"))
    assert len(place.earned(bea)) == 1


def test_a_new_achievement_looks_back(place: Place) -> None:
    ada, bea = place.person("Ada"), place.person("Bea")
    account = place.account("ada")
    place.happen(*(place.answered(account, ada, number=n) for n in range(3)))
    place.happen(place.answered(place.account("bea"), bea))

    place.do(
        lambda uow: achievements.create(
            uow,
            words=Words("Tireless helper", "Helps again and again.", "Three accepted answers."),
            kind="CommunityService",
            rule=rules.Contributions(kind="accepted_answer", count=3),
            locale="en",
            actor=bea,
        )
    )

    assert "Tireless helper" in {c.name for c in place.earned(ada)}
    assert "Tireless helper" not in {c.name for c in place.earned(bea)}


def test_a_retired_achievement_is_awarded_no_more(place: Place) -> None:
    ada, bea = place.person("Ada"), place.person("Bea")
    place.happen(place.reviewed(ada))

    def retire(uow: UnitOfWork) -> None:
        rows = uow.session.scalars(
            sa.select(Achievement).where(Achievement.standard == "reviewed_work")
        )
        achievements.retire(uow, rows.one(), bea)

    place.do(retire)
    place.happen(place.reviewed(bea))

    assert len(place.earned(ada)) == 1
    assert place.earned(bea) == []


def revoke(place: Place, handle: str) -> None:
    def act(uow: UnitOfWork) -> None:
        row = uow.session.scalars(sa.select(Credential).where(Credential.handle == handle)).one()
        revoking.revoke(uow, place.services.vault, row, reason="Issued by mistake", actor=new_id())

    place.do(act)


def bit(place: Place, credential: dict[str, Any]) -> bool:
    """What the published list says of a credential."""
    entry = credential["credentialStatus"]
    handle = entry["statusListCredential"].rsplit("/", 1)[1]
    signed = place.read(
        lambda uow: uow.session.scalars(
            sa.select(StatusList.signed).where(StatusList.handle == handle)
        ).one()
    )
    listed = verify(place, signed)
    assert listed["id"] == entry["statusListCredential"]
    assert listed["credentialSubject"]["statusPurpose"] == entry["statusPurpose"]
    return status_list.is_set(
        listed["credentialSubject"]["encodedList"], int(entry["statusListIndex"])
    )


def test_revoking_sets_the_bit_takes_the_badge_and_keeps_the_bytes(place: Place) -> None:
    ada, bea = place.person("Ada"), place.person("Bea")
    work = place.reviewed(ada)
    place.happen(work, place.reviewed(bea))
    (before,) = place.earned(ada)
    assert not bit(place, json.loads(before.signed))

    revoke(place, before.handle)
    revoke(place, before.handle)
    place.happen(work)

    (after,) = place.earned(ada)
    editions = place.read(
        lambda uow: uow.session.scalars(
            sa.select(CredentialEdition.signed).where(CredentialEdition.credential_id == after.id)
        ).all()
    )
    assert editions == [before.signed, after.signed]
    assert after.revocation_reason == "Issued by mistake"
    copy, newest = json.loads(before.signed), json.loads(after.signed)
    assert newest["credentialStatus"]["statusPurpose"] == "revocation"
    assert bit(place, newest)
    assert bit(place, copy), "a copy that was downloaded before stops counting too"
    assert not bit(place, json.loads(place.earned(bea)[0].signed))
    assert [want["granted"] for want in wants(place)] == [True, True, False]


def test_keys_rotate_and_old_credentials_stay_valid(place: Place) -> None:
    ada, bea = place.person("Ada"), place.person("Bea")
    place.happen(place.reviewed(ada))

    def rotate(uow: UnitOfWork) -> None:
        issuer = uow.session.scalars(sa.select(Issuer)).one()
        keys.add_key(uow, place.services.vault, issuer)

    place.do(rotate)
    place.happen(place.reviewed(bea))

    old, new = (verify(place, place.earned(who)[0].signed) for who in (ada, bea))
    methods = [c["proof"][0]["verificationMethod"] for c in (old, new)]
    assert methods[0] != methods[1]


def test_the_issuer_keeps_the_host_of_its_first_day(place: Place) -> None:
    def issuer(base_url: str) -> str:
        def act(uow: UnitOfWork) -> str:
            return issuers.ensure_issuer(uow, place.services.vault, name="X", base_url=base_url).did

        found: str = place.do(act)
        return found

    first = issuer("https://first.example")

    assert first.startswith("did:web:first.example:issuers:")
    assert issuer("https://second.example") == first


def test_a_renamed_community_signs_under_its_new_name(place: Place) -> None:
    ada, bea = place.person("Ada"), place.person("Bea")
    place.happen(place.reviewed(ada))
    place.do(lambda uow: people.rename_community(uow, "Southern Lights"))
    place.happen(place.reviewed(bea))

    names = [verify(place, place.earned(who)[0].signed)["issuer"]["name"] for who in (ada, bea)]
    assert names == ["Northern Lights", "Southern Lights"]


def test_private_keys_are_sealed(place: Place) -> None:
    place.happen(place.reviewed(place.person("Ada")))

    from plugin.credentials.models import IssuerKey

    row = place.read(lambda uow: uow.session.scalars(sa.select(IssuerKey)).one())
    seed = place.services.vault.open(row.sealed_seed)
    assert len(seed) == 32
    assert seed.hex() not in row.sealed_seed


def test_what_is_next_counts_rows_and_contributions(place: Place) -> None:
    ada = place.person("Ada")
    place.happen(place.reviewed(ada, levels={"purpose": 3, "form": 1}))
    evidence = place.read(lambda uow: queries.evidence_of(uow, ada))

    assert rules.progress(rules.RubricLevel(level=2, reviews=2), evidence) == rules.Progress(1, 2)
    assert rules.progress(
        rules.Contributions(kind="accepted_answer", count=3), evidence
    ) == rules.Progress(0, 3)
