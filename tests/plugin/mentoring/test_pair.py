"""The life of a pair on its page: answer, promise, meet, move, call off, end."""

import pytest
import sqlalchemy as sa
from flask import Flask

from plugin.kernel.dispatch import drain
from plugin.kernel.errors import Conflict, Invalid, NotFound, Refused
from plugin.mentoring.models import Meeting, MeetingState, Pair, PairState, Promise, Side
from plugin.mentoring.services import agree, answer
from plugin.mentoring.services.publish import request_publish
from plugin.notifications.models import Notice
from plugin.people import public as people
from plugin.workload import public as workload
from tests.plugin.mentoring.village import Village
from tests.support.signed_in import Browser, sign_in


@pytest.fixture
def introduced(village: Village) -> Village:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    village.match()
    with village.services.units.community(village.community.id) as uow:
        request_publish(uow, village.teacher, village.programme, village.latest().id)
        uow.commit()
    drain(village.services)
    return village


def pair_of(village: Village) -> Pair:
    with village.services.units.reading(village.community.id) as uow:
        return uow.session.scalars(sa.select(Pair)).one()


def browser(app: Flask, village: Village, name: str) -> Browser:
    actor = village.actor(name)
    return sign_in(
        app.test_client(),
        village.services,
        village.community.id,
        actor.person_id,
        list(actor.roles),
    )


def page(village: Village) -> str:
    programme = f"/c/{village.context.handle}/mentoring/{village.programme.handle}"
    return f"{programme}/pairs/{pair_of(village).handle}"


def test_accepting_and_ending_on_the_page(app: Flask, introduced: Village) -> None:
    mara, lee = browser(app, introduced, "Mara"), browser(app, introduced, "Lee")
    path = page(introduced)
    assert "Lee would like to learn with you" in mara.get(path).text
    assert "has been asked" in lee.get(path).text
    assert lee.post(f"{path}/answer", {"answer": "accept"}).status_code == 403
    assert mara.post(f"{path}/answer", {"answer": "perhaps"}).status_code == 303
    assert mara.post(f"{path}/answer", {"answer": "accept"}).location == path
    assert pair_of(introduced).state is PairState.ACTIVE
    late = lee.post(f"{path}/answer", {"answer": "decline"})
    assert "This pair has begun already." in lee.get(late.location).text
    assert lee.post(f"{path}/answer", {"answer": "end"}).status_code == 303
    assert pair_of(introduced).state is PairState.ENDED
    assert "This pair has ended" in mara.get(path).text
    with introduced.services.units.reading(introduced.community.id) as uow:
        assert workload.capacity(uow, introduced.id("Mara")).standing == 0
        assert people.related(uow, "pair", introduced.id("Lee")) == set()


def test_a_learner_may_ask_for_somebody_else(app: Flask, introduced: Village) -> None:
    lee = browser(app, introduced, "Lee")
    lee.post(f"{page(introduced)}/answer", {"answer": "decline"})
    assert pair_of(introduced).state is PairState.DECLINED
    assert lee.get(page(introduced)).status_code == 403
    drain(introduced.services)
    with introduced.services.units.reading(introduced.community.id) as uow:
        told = uow.session.scalars(
            sa.select(Notice.person_id).where(Notice.message == "mentoring.declined")
        ).all()
    assert told == [introduced.id("Mara")]


def test_promises_are_kept_by_those_who_made_them(app: Flask, introduced: Village) -> None:
    mara, lee = browser(app, introduced, "Mara"), browser(app, introduced, "Lee")
    path = page(introduced)
    assert lee.post(f"{path}/promise", {"promise": ""}).status_code == 422
    assert lee.post(f"{path}/goal", {"text": ""}).status_code == 422
    lee.post(f"{path}/promise", {"promise": "Read on"})
    with introduced.services.units.reading(introduced.community.id) as uow:
        handle = uow.session.scalars(sa.select(Promise.handle)).one()
    assert mara.post(f"{path}/promise/{handle}").status_code == 404
    assert lee.post(f"{path}/promise/{handle}").status_code == 303
    assert "kept" in mara.get(path).text


def test_a_meeting_is_moved_agreed_and_called_off(app: Flask, introduced: Village) -> None:
    mara, lee = browser(app, introduced, "Mara"), browser(app, introduced, "Lee")
    path = page(introduced)
    when = {"starts": "2026-11-24T18:00", "time_zone": "Europe/Berlin", "minutes": "30"}
    lee.post(f"{path}/meeting", when)
    lee.post(f"{path}/meeting", {**when, "starts": "2026-11-25T18:00"})
    with introduced.services.units.reading(introduced.community.id) as uow:
        meeting = uow.session.scalars(sa.select(Meeting)).one()
        assert (meeting.local_start, meeting.sequence) == ("2026-11-25T18:00", 1)
    address = f"{path}/meeting/{meeting.handle}"
    assert lee.post(address, {"answer": "agree"}).status_code == 422
    assert mara.post(address, {"answer": "agree"}).status_code == 303
    assert mara.post(address, {"answer": "agree"}).status_code == 303
    assert lee.post(address, {"answer": "cancel"}).status_code == 303
    with introduced.services.units.reading(introduced.community.id) as uow:
        meeting = uow.session.scalars(sa.select(Meeting)).one()
        assert (meeting.state, meeting.sequence) == (MeetingState.CANCELLED, 3)
    assert "No meeting is set" in mara.get(path).text
    assert "STATUS:CANCELLED" in mara.get(f"{address}.ics").text
    lee.post(f"{path}/meeting", when)
    with introduced.services.units.reading(introduced.community.id) as uow:
        assert len(uow.session.scalars(sa.select(Meeting)).all()) == 2


def test_strangers_change_nothing(introduced: Village) -> None:
    pair = pair_of(introduced)
    stranger = introduced.enrol("Zoe").person_id
    with introduced.services.units.community(introduced.community.id) as uow:
        with pytest.raises(Refused):
            answer.accept(uow, pair.id, stranger)
        for act in (answer.decline, answer.end):
            with pytest.raises(NotFound):
                act(uow, pair.id, stranger)
        with pytest.raises(NotFound):
            agree.set_goal(uow, pair.id, stranger, text="Mine")
        with pytest.raises(NotFound):
            agree.agree_meeting(uow, pair.id, pair.mentor_id, "unknown")


def test_nothing_is_agreed_before_and_after(introduced: Village) -> None:
    pair = pair_of(introduced)
    with introduced.services.units.community(introduced.community.id) as uow:
        with pytest.raises(Conflict):
            answer.end(uow, pair.id, pair.mentor_id)
        answer.decline(uow, pair.id, pair.mentor_id)
        answer.decline(uow, pair.id, pair.mentor_id)
        with pytest.raises(Conflict):
            answer.end(uow, pair.id, pair.mentor_id)
        with pytest.raises(Invalid):
            agree.promise(uow, pair.id, pair.mentee_id, "Too late")
