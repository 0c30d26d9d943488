"""Who is told what: both of a pair, once; one message in the forum where both are in it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from plugin.app import Composition, compose
from plugin.events.mentoring import PairIntroduced
from plugin.events.wants import SpaceWanted
from plugin.extension import Extension
from plugin.kernel.dispatch import drain, on
from plugin.mentoring.models import Pair, PairState, Side
from plugin.mentoring.services import tell
from plugin.mentoring.services.publish import introduce_chunk, request_publish, request_undo
from plugin.notifications.models import Notice
from plugin.people import public as people
from plugin.settings import Settings
from tests.plugin.mentoring.village import Village
from tests.support.clock import FixedClock


def publish(village: Village) -> None:
    village.match()
    with village.services.units.community(village.community.id) as uow:
        request_publish(uow, village.teacher, village.programme, village.latest().id)
        uow.commit()
    drain(village.services)


def in_forum(village: Village, name: str, issuer: str = "https://forum.example") -> None:
    with village.services.units.community(village.community.id) as uow:
        account = people.identity_for(uow, issuer, name, "discourse", username=name.lower())
        people.link(uow, account.id, village.id(name))
        uow.commit()


def notices(village: Village, message: str) -> set[str]:
    names = {actor.person_id: name for name, actor in village.actors.items()}
    with village.services.units.reading(village.community.id) as uow:
        found = uow.session.scalars(sa.select(Notice.person_id).where(Notice.message == message))
        return {names[person_id] for person_id in found}


@pytest.fixture
def wanted() -> list[SpaceWanted]:
    """What a forum's adapter would hear."""
    return []


@pytest.fixture
def composition(
    settings: Settings, clock: FixedClock, wanted: list[SpaceWanted]
) -> Iterator[Composition]:
    """The product with one small extension that listens to wants."""
    listener = Extension(
        name="listener",
        subscriptions=(on(SpaceWanted, "listener.space", lambda _uow, want: wanted.append(want)),),
    )
    made = compose(settings, clock=clock, extensions=(listener,))
    yield made
    made.services.units.engine.dispose()


def test_both_are_told_and_share_one_message_in_the_forum(
    village: Village, wanted: list[SpaceWanted]
) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    in_forum(village, "Mara")
    in_forum(village, "Lee")
    publish(village)
    assert notices(village, "mentoring.introduced_mentor") == {"Mara"}
    assert notices(village, "mentoring.introduced_mentee") == {"Lee"}
    (space,) = wanted
    assert space.kind == "message"
    assert set(space.person_ids) == {village.id("Mara"), village.id("Lee")}
    assert "Lee wants to learn SQL, and Mara offers it" in space.params["reasons"]


def test_whom_only_the_forum_reaches_gets_no_second_message(
    village: Village, wanted: list[SpaceWanted]
) -> None:
    village.join("Mara", Side.OFFER, mail=False)
    in_forum(village, "Mara")
    village.join("Lee", Side.LEARN)
    in_forum(village, "Lee")
    publish(village)
    assert len(wanted) == 1
    assert notices(village, "mentoring.introduced_mentor") == set()
    assert notices(village, "mentoring.introduced_mentee") == {"Lee"}


@pytest.mark.parametrize("others", [(), ("https://another.example",)])
def test_no_message_where_they_share_no_forum(
    village: Village, wanted: list[SpaceWanted], others: tuple[str, ...]
) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    in_forum(village, "Mara")
    for issuer in others:
        in_forum(village, "Lee", issuer)
    publish(village)
    assert wanted == []


def test_being_asked_is_a_kind_of_its_own_to_switch(village: Village) -> None:
    """Who mentors and learns may stop the one and keep the other."""
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    publish(village)
    with village.services.units.reading(village.community.id) as uow:
        kinds = dict(uow.session.execute(sa.select(Notice.message, Notice.kind).distinct()).all())
    assert kinds["mentoring.introduced_mentor"] == "asked_to_mentor"
    assert kinds["mentoring.introduced_mentee"] == "matched"


def test_telling_again_adds_no_notice(village: Village) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    publish(village)
    with village.services.units.community(village.community.id) as uow:
        assert not introduce_chunk(uow, village.latest().id)
        pair = uow.session.scalars(sa.select(Pair)).one()
        assert pair.state is PairState.INTRODUCED
        tell.introduced(
            uow,
            PairIntroduced(
                pair_id=pair.id,
                programme_id=village.programme.id,
                context_id=village.context.id,
                mentor_id=pair.mentor_id,
                mentee_id=pair.mentee_id,
            ),
        )
        uow.commit()
    with village.services.units.reading(village.community.id) as uow:
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 2


def test_taking_back_tells_both(village: Village) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    publish(village)
    with village.services.units.community(village.community.id) as uow:
        request_undo(uow, village.teacher, village.programme, village.latest().id)
        uow.commit()
    drain(village.services)
    assert notices(village, "mentoring.undone") == {"Mara", "Lee"}
