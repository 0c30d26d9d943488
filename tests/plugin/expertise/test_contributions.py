"""Contributions: once by their source, withdrawn and back, moved and announced for a person."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from plugin.expertise import public as expertise
from plugin.expertise.public import PERSON_DATA
from plugin.kernel.jobs import sweep
from plugin.kernel.outbox import OutboxMessage
from plugin.kernel.services import Services
from plugin.people import public as people

FORUM = "https://forum.example.org"
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def tom(services: Services, community: people.Community) -> UUID:
    """A forum account that nobody is linked to."""
    return account(services, community, "57")


def account(services: Services, community: people.Community, subject: str) -> UUID:
    with services.units.community(community.id) as uow:
        found = people.identity_for(uow, FORUM, subject, "discourse", f"user{subject}")
        uow.commit()
    return found.id


def record(
    services: Services, community: people.Community, identity_id: UUID, post: int = 2
) -> bool:
    with services.units.community(community.id) as uow:
        new = expertise.record_contribution(
            uow,
            identity_id=identity_id,
            kind="accepted_answer",
            source_url=f"{FORUM}/t/-/318/{post}",
            at=AT,
            tags=("sql",),
        )
        uow.commit()
    return new


def withdraw(services: Services, community: people.Community, post: int = 2) -> bool:
    with services.units.community(community.id) as uow:
        done = expertise.withdraw_contribution(
            uow, kind="accepted_answer", source_url=f"{FORUM}/t/-/318/{post}"
        )
        uow.commit()
    return done


def announced(services: Services) -> list[tuple[str, str, str | None]]:
    with services.units.system_reading() as uow:
        rows = uow.session.scalars(
            sa.select(OutboxMessage)
            .where(OutboxMessage.name.startswith("expertise."))
            .order_by(OutboxMessage.id)
        )
        return [
            (row.name.split(".")[2], row.payload["identity_id"], row.payload["person_id"])
            for row in rows
        ]


def test_a_source_counts_once(services: Services, community: people.Community, tom: UUID) -> None:
    assert [record(services, community, tom) for _ in range(3)] == [True, False, False]
    assert announced(services) == [("recorded", str(tom), None)]
    with services.units.reading(community.id) as uow:
        [one] = expertise.contributions_of_identities(uow, [tom])
        assert (one.kind, one.at, one.tags) == ("accepted_answer", AT, ("sql",))
        assert expertise.contribution(uow, one.id) == one


def test_withdrawn_and_back_again(
    services: Services, community: people.Community, tom: UUID
) -> None:
    assert not withdraw(services, community)
    record(services, community, tom)
    assert [withdraw(services, community) for _ in range(2)] == [True, False]
    with services.units.reading(community.id) as uow:
        assert expertise.contributions_of_identities(uow, [tom]) == []
    assert record(services, community, tom)
    assert [verb for verb, *_ in announced(services)] == ["recorded", "withdrawn", "recorded"]


def test_a_post_that_changed_hands_counts_for_its_new_author(
    services: Services, community: people.Community, tom: UUID
) -> None:
    mira = account(services, community, "42")
    record(services, community, tom)
    assert record(services, community, mira)
    with services.units.reading(community.id) as uow:
        assert expertise.contributions_of_identities(uow, [tom]) == []
        assert len(expertise.contributions_of_identities(uow, [mira])) == 1
    assert [(v, i) for v, i, _ in announced(services)] == [
        ("recorded", str(tom)),
        ("withdrawn", str(tom)),
        ("recorded", str(mira)),
    ]


def test_a_linked_account_brings_what_it_did(
    services: Services, community: people.Community, tom: UUID
) -> None:
    record(services, community, tom, 2)
    record(services, community, tom, 5)
    withdraw(services, community, 5)
    with services.units.community(community.id) as uow:
        person = people.admit(uow, issuer="https://lms.example.org", subject="1", kind="lti")
        people.link(uow, tom, person.id)
        uow.commit()
    sweep(services)
    assert announced(services)[-1] == ("recorded", str(tom), str(person.id))
    assert [verb for verb, *_ in announced(services)].count("recorded") == 3
    with services.units.reading(community.id) as uow:
        assert len(expertise.contributions(uow, person.id)) == 1
        assert expertise.contributions(uow, person.id, kind="like") == []


def test_sources_under_a_topic(services: Services, community: people.Community, tom: UUID) -> None:
    record(services, community, tom, 2)
    record(services, community, tom, 31)
    with services.units.reading(community.id) as uow:
        prefix = f"{FORUM}/t/-/318/"
        assert expertise.sources_under(uow, "accepted_answer", prefix) == {
            f"{prefix}2",
            f"{prefix}31",
        }
        assert not expertise.sources_under(uow, "accepted_answer", f"{FORUM}/t/-/31/")


def test_communities_do_not_share_contributions(
    services: Services, community: people.Community, tom: UUID
) -> None:
    with services.units.system() as uow:
        other = people.found_community(uow, "Southern Lights")
        uow.commit()
    record(services, community, tom)
    assert record(services, other, account(services, other, "57"))


def test_claimed_skills_are_replaced_merged_exported_and_erased(
    services: Services, community: people.Community, tom: UUID
) -> None:
    with services.units.community(community.id) as uow:
        one = people.admit(uow, issuer="https://lms.example.org", subject="1", kind="lti")
        two = people.admit(uow, issuer="https://lms.example.org", subject="2", kind="lti")
        people.link(uow, tom, one.id)
        expertise.claim_skills(uow, one.id, ["  SQL ", "sql", "Python", ""])
        expertise.claim_skills(uow, one.id, ["Sql", "Statistics"])
        expertise.claim_skills(uow, two.id, ["statistics", "R"])
        uow.commit()
    record(services, community, tom)
    with services.units.community(community.id) as uow:
        assert expertise.skills_of(uow, [one.id, two.id]) == {
            one.id: ("Sql", "Statistics"),
            two.id: ("R", "statistics"),
        }
        assert expertise.people_who_claim(uow, expertise.normalise("STATISTICS")) == [
            one.id,
            two.id,
        ]
        assert PERSON_DATA.export(uow, one.id)["contributions"][0]["tags"] == ["sql"]
        PERSON_DATA.merge(uow, one.id, two.id)
        assert expertise.skills_of(uow, [one.id, two.id]) == {two.id: ("R", "Sql", "statistics")}
        PERSON_DATA.erase(uow, two.id)
        PERSON_DATA.erase(uow, one.id)
        assert expertise.skills_of(uow, [one.id, two.id]) == {}
        assert expertise.contributions_of_identities(uow, [tom]) == []
        uow.commit()
