"""The home page says one obvious thing to each: join, answer, find a date, publish."""

import sqlalchemy as sa

from plugin.kernel.dispatch import drain
from plugin.mentoring.cards import CARDS
from plugin.mentoring.models import Pair, Programme, Side
from plugin.mentoring.services.answer import accept
from plugin.mentoring.services.publish import request_publish
from plugin.people import public as people
from tests.plugin.mentoring.village import Village


def titles(village: Village, actor: people.Actor) -> list[tuple[str, str]]:
    with village.services.units.reading(village.community.id) as uow:
        return [(line.kind, line.title) for card in CARDS for line in card(uow, actor)]


def test_from_joining_to_meeting(village: Village) -> None:
    new = village.enrol("Ada")
    assert titles(village, new) == [("next", "Join Learning with somebody")]
    mara = village.join("Mara", Side.OFFER)
    lee = village.join("Lee", Side.LEARN)
    assert titles(village, lee) == [("waiting", "You wait for a mentor")]
    village.match()
    assert ("next", "Look at the matching and publish it") in titles(village, village.teacher)
    assert titles(village, lee) == [("waiting", "You wait for a mentor")]
    with village.services.units.community(village.community.id) as uow:
        request_publish(uow, village.teacher, village.programme, village.latest().id)
        uow.commit()
    drain(village.services)
    assert titles(village, lee) == [("waiting", "Mara has been asked")]
    assert titles(village, mara) == [("next", "Answer Lee")]
    with village.services.units.community(village.community.id) as uow:
        accept(uow, uow.session.scalars(sa.select(Pair.id)).one(), village.id("Mara"))
        uow.commit()
    assert titles(village, lee) == [("next", "Find a date with Mara")]


def test_coordinators_hear_of_missing_contacts(village: Village) -> None:
    with village.services.units.community(village.community.id) as uow:
        uow.session.get_one(Programme, village.programme.id).safety_contact_id = None
        uow.commit()
    assert titles(village, village.teacher) == [("next", "Name a safety contact")]


def test_a_teacher_of_a_course_without_programme_is_shown_where_to_begin(
    village: Village,
) -> None:
    assert ("next", "Start a programme") not in titles(village, village.teacher)
    with village.services.units.community(village.community.id) as uow:
        uow.session.execute(sa.delete(Programme))
        uow.commit()
    with village.services.units.reading(village.community.id) as uow:
        (line,) = [line for card in CARDS for line in card(uow, village.teacher)]
    assert (line.title, line.minutes) == ("Start a programme", 2)
    assert line.url == f"/c/{village.context.handle}/mentoring/new"
    assert titles(village, village.enrol("Lee")) == []


def test_an_administrator_of_an_empty_community_is_shown_where_to_begin(
    village: Village,
) -> None:
    with village.services.units.community(village.community.id) as uow:
        uow.session.execute(sa.delete(Programme))
        uow.commit()
    boss = people.Actor(
        village.teacher.person_id,
        village.community.id,
        rights=frozenset({(people.ADMINISTRATOR, None)}),
    )
    assert titles(village, boss) == [("next", "Start a programme")]
