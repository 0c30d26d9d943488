"""What the adapter keeps about a person is erased, exported and moved."""

from uuid import UUID

import sqlalchemy as sa

from discourse_hooks import reconciliation
from discourse_hooks.models import BadgeInWaiting, BadgeLink, ConnectNonce
from discourse_hooks.person_data import PERSON_DATA
from plugin.kernel.messages import to_json
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.practice.forum import proof, seed
from plugin.practice.forum.badges import revoke_badge
from tests.discourse_hooks.conftest import Practice, admit
from tests.discourse_hooks.test_wants import badge_wanted, want


def admitted(services: Services, community_id: UUID, subject: str) -> people.PersonView:
    with services.units.community(community_id) as uow:
        person = people.admit(uow, issuer="https://lms.example.org", subject=subject, kind="lti")
        uow.commit()
    return person


def waiting(services: Services, community_id: UUID) -> list[tuple[UUID, str]]:
    with services.units.reading(community_id) as uow:
        rows = uow.session.scalars(sa.select(BadgeInWaiting).order_by(BadgeInWaiting.badge_name))
        return [(row.person_id, row.badge_name) for row in rows]


def test_waiting_badges_are_exported_merged_and_erased(practice: Practice) -> None:
    community_id = practice.connection.community_id
    one = admitted(practice.services, community_id, "1")
    two = admitted(practice.services, community_id, "2")
    want(practice, badge_wanted(one), badge_wanted(one, badge_name="Reviews"), badge_wanted(two))
    with practice.services.units.community(community_id) as uow:
        assert sorted(PERSON_DATA.export(uow, one.id)["badges_waiting"]) == [
            "Reviews",
            "SQL joins",
        ]
        PERSON_DATA.merge(uow, one.id, two.id)
        uow.commit()
    assert waiting(practice.services, community_id) == [(two.id, "Reviews"), (two.id, "SQL joins")]
    with practice.services.units.community(community_id) as uow:
        PERSON_DATA.erase(uow, two.id)
        uow.commit()
    assert waiting(practice.services, community_id) == []


def test_taking_back_forgets_the_waiting_badge(practice: Practice) -> None:
    community_id = practice.connection.community_id
    one = admitted(practice.services, community_id, "1")
    want(practice, badge_wanted(one))
    want(practice, badge_wanted(one, key="another", granted=False))
    assert waiting(practice.services, community_id) == []


def test_a_badge_that_began_to_wait_in_the_moment_of_linking_is_found(practice: Practice) -> None:
    community_id = practice.connection.community_id
    one = admitted(practice.services, community_id, "1")
    with practice.services.units.community(community_id) as uow:
        subject = str(seed.user_id(practice.forum, "ana"))
        base_url = practice.connection.base_url
        identity = people.identity_for(uow, base_url, subject, "discourse", "ana")
        people.link(uow, identity.id, one.id)
        uow.commit()
    practice.work()
    with practice.services.units.community(community_id) as uow:
        want_json = to_json(badge_wanted(one))
        uow.session.add(BadgeInWaiting(person_id=one.id, badge_name="SQL joins", want=want_json))
        uow.commit()
    reconciliation.look_after_badges(practice.services)
    practice.work()
    assert proof.grants(practice.forum) == [proof.Grant("SQL joins", "ana", 1)]
    assert waiting(practice.services, community_id) == []


def test_a_round_trip_under_way_is_erased(services: Services, practice: Practice) -> None:
    community_id = practice.connection.community_id
    one = admitted(services, community_id, "1")
    with services.units.system() as uow:
        uow.session.add(
            ConnectNonce(
                connection_id=practice.connection.id,
                nonce_hash="n",
                browser_hash="b",
                purpose="link",
                person_id=one.id,
                expires_at=uow.now(),
            )
        )
        uow.commit()
    with services.units.community(community_id) as uow:
        PERSON_DATA.erase(uow, one.id)
        uow.commit()
    with services.units.system_reading() as uow:
        assert uow.session.scalars(sa.select(ConnectNonce)).all() == []


def test_a_badge_taken_away_in_the_forum_is_noted_and_not_granted_again(
    practice: Practice,
) -> None:
    tom = admit(practice.services, practice, "tom.b")
    want(practice, badge_wanted(tom))
    with practice.forum.store.reading() as db:
        grant = db.execute("SELECT id FROM user_badge").fetchone()["id"]
    revoke_badge(practice.forum, grant)
    reconciliation.look_after_badges(practice.services)
    practice.work()
    with practice.services.units.reading(practice.connection.community_id) as uow:
        assert uow.session.scalars(sa.select(BadgeLink)).one().removed_there
    assert proof.grants(practice.forum) == []
