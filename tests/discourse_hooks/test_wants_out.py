"""Private topics, the look of badges, and the way out of every message."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from discourse_hooks.models import ForumBadge, ForumSpace
from plugin.events.wants import MemberWanted, SpaceWanted
from plugin.notifications import public as notifications
from plugin.people import public as people
from plugin.practice.forum import badges, proof, request_log
from tests.discourse_hooks.conftest import Practice, admit
from tests.discourse_hooks.test_wants import (
    badge_wanted,
    message_wanted,
    not_done,
    reports,
    some_message,
    want,
)

PICTURE = "https://mentoring.example.org/achievements/x/badge.png"


def topic_wanted(*people_ids: UUID, kind: str = "topic") -> SpaceWanted:
    message_id, params = some_message()
    return SpaceWanted(
        key=f"circle:{kind}",
        kind=kind,
        person_ids=people_ids,
        message=message_id,
        params=params,
        url="/c/x",
    )


def readers(practice: Practice) -> set[str]:
    """Who may read the one private topic of the forum, through its group."""
    with practice.forum.store.reading() as db:
        rows = db.execute(
            "SELECT a.username FROM topic_group t JOIN group_user m ON m.group_id = t.group_id"
            " JOIN account a ON a.id = m.user_id"
        )
        return {row["username"] for row in rows}


@pytest.mark.parametrize("fault", [None, "/admin/groups.json", "/posts.json", "/groups/*"])
def test_a_private_topic_is_made_once_and_follows_its_group(
    practice: Practice, fault: str | None
) -> None:
    mira, tom = (
        admit(practice.services, practice, "mira_k"),
        admit(practice.services, practice, "tom.b"),
    )
    if fault:
        practice.forum.faults.add("drop", path=fault, when="after", times=2)
    wanted = topic_wanted(mira.id, tom.id)
    want(practice, wanted, wanted)
    practice.work(6)
    [message] = proof.messages(practice.forum)
    assert message.people == ("lantern",)  # people come by the group alone
    assert readers(practice) == {"mira_k", "tom.b"}
    assert {name for name, _ in reports(practice.services, wanted.key)} == {"wants.fulfilled.v1"}
    ana = admit(practice.services, practice, "ana")
    want(practice, MemberWanted(key="m1", space_key=wanted.key, person_id=ana.id))
    want(practice, MemberWanted(key="m2", space_key=wanted.key, person_id=tom.id, present=False))
    assert readers(practice) == {"mira_k", "ana"}
    assert not_done(practice.services) == []


def test_a_kind_that_no_forum_has_is_refused(practice: Practice) -> None:
    mira = admit(practice.services, practice, "mira_k")
    want(practice, topic_wanted(mira.id, kind="hologram"))
    assert reports(practice.services, "circle:hologram")[0][0] == "wants.refused.v1"


def test_our_own_private_topic_comes_back_and_ends(hooked: Practice) -> None:
    """The loop guard knows it by rows: its events mark nothing and are counted as ours."""
    mira = admit(hooked.services, hooked, "mira_k")
    want(hooked, topic_wanted(mira.id))
    hooked.deliver()
    writes = len(request_log.writes(hooked.forum))
    hooked.deliver()
    assert len(request_log.writes(hooked.forum)) == writes
    with hooked.services.units.reading(hooked.connection.community_id) as uow:
        row = uow.session.scalars(sa.select(ForumSpace)).one()
        assert row.group_id is not None
        assert row.remote_id != row.group_id


def badge_row(practice: Practice) -> dict[str, object]:
    with practice.forum.store.reading() as db:
        return dict(db.execute("SELECT * FROM badge WHERE name = 'SQL joins'").fetchone())


def test_a_badge_gets_its_picture_and_the_grouping_of_our_name(practice: Practice) -> None:
    with practice.services.units.reading(practice.connection.community_id) as uow:
        home = people.community(uow).name
    ours = badges.add_grouping(practice.forum, home)
    tom = admit(practice.services, practice, "tom.b")
    want(practice, badge_wanted(tom, image_url=PICTURE))
    row = badge_row(practice)
    assert (row["image_url"], row["badge_grouping_id"]) == (PICTURE, ours)
    assert row["description"] == "Explained joins so that others understood."


def test_a_picture_that_the_forum_does_not_take_leaves_the_badge(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    want(practice, badge_wanted(tom, image_url=PICTURE.replace("png", "svg")))
    row = badge_row(practice)
    assert (row["image_url"], row["badge_grouping_id"]) == (None, 2)
    assert proof.grants(practice.forum) == [proof.Grant("SQL joins", "tom.b", 1)]


def test_a_badge_of_ours_follows_the_achievement_and_a_found_one_does_not(
    practice: Practice,
) -> None:
    tom, ana = (
        admit(practice.services, practice, "tom.b"),
        admit(practice.services, practice, "ana"),
    )
    want(practice, badge_wanted(tom))
    want(practice, badge_wanted(ana, description="New words.", image_url=PICTURE))
    row = badge_row(practice)
    assert (row["description"], row["image_url"]) == ("New words.", PICTURE)
    with practice.services.units.community(practice.connection.community_id) as uow:
        uow.session.scalars(sa.select(ForumBadge)).one().made_here = False
        uow.commit()
    mira = admit(practice.services, practice, "mira_k")
    want(practice, badge_wanted(mira, description="Newer words."))
    assert badge_row(practice)["description"] == "New words."


def test_every_forum_message_says_how_to_stop_it(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b", locale="de")
    want(practice, message_wanted(tom, locale="de"))
    mira = admit(practice.services, practice, "mira_k")
    want(practice, topic_wanted(mira.id, kind="message"))
    first, second = proof.messages(practice.forum)
    assert "http://localhost/notices" in first.raw
    assert "Choose what comes" not in first.raw  # in the reader's language
    assert "Choose what comes, and when: http://localhost/notices" in second.raw


def test_a_wish_is_known_to_those_who_would_write_together(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    with practice.services.units.community(practice.connection.community_id) as uow:
        assert notifications.wishes(uow, tom.id, "matched", "forum")
        notifications.set_preference(uow, tom.id, "matched", "forum", "off")
        assert not notifications.wishes(uow, tom.id, "matched", "forum")
