"""Notices: once, in their time, bundled, stopped by one click, the same mail after a crash."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from plugin.kernel import dispatch
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.outbox import OutboxMessage
from plugin.kernel.services import Services
from plugin.notifications import public as notifications
from plugin.notifications.jobs import tidy
from plugin.notifications.models import Notice
from plugin.notifications.timing import Quiet, due
from plugin.people import public as people
from tests.support.clock import FixedClock
from tests.support.signed_in import sign_in

PARAMS = {"activity": "Week 3", "minutes": 20}
INVITED = {"programme": "Databases", "organisation": "Northern Lights"}


@pytest.fixture
def reader(services: Services, community: people.Community) -> people.PersonView:
    with services.units.community(community.id) as uow:
        person = people.admit_by_email(uow, "Ada@Example.org", display_name="Ada", locale="de")
        uow.commit()
    return person


def tell(services: Services, community: people.Community, person_id: UUID, **more: Any) -> bool:
    facts: dict[str, Any] = {
        "kind": "review_todo",
        "message": "reviews.todo",
        "params": PARAMS,
        "url": "/x",
        "key": "k1",
        "waits": True,
        **more,
    }
    with services.units.community(community.id) as uow:
        told = notifications.notify(uow, person_id, **facts)
        uow.commit()
    return told


def mails(services: Services) -> list[EmailMessage]:
    folder: Path = services.settings.data_folder / "mail"
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # type: ignore[misc]
        for path in sorted(folder.glob("*.eml"))
    ]


def text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_notice_is_told_once_in_the_readers_language(
    services: Services, community: people.Community, reader: people.PersonView
) -> None:
    assert tell(services, community, reader.id)
    assert not tell(services, community, reader.id)
    dispatch.drain(services)
    dispatch.drain(services)
    (message,) = mails(services)
    assert message["To"] == "ada@example.org"
    assert message["Content-Language"] == "de"
    assert "One-Click" in message["List-Unsubscribe-Post"]
    assert "http://localhost/x" in text(message)


def test_quiet_hours_hold_and_the_bundle_is_one_mail(
    services: Services, community: people.Community, reader: people.PersonView, clock: FixedClock
) -> None:
    tell(services, community, reader.id, waits=False)
    tell(services, community, reader.id, key="k2", waits=False, params={**PARAMS, "activity": "4"})
    dispatch.drain(services)
    assert mails(services) == []
    clock.advance(hours=24)
    dispatch.drain(services)
    (message,) = mails(services)
    assert "Week 3" in text(message)
    assert "4" in text(message)


def test_a_mail_sent_again_after_a_crash_is_the_same_mail(
    services: Services, community: people.Community, reader: people.PersonView, clock: FixedClock
) -> None:
    sent: list[EmailMessage] = []

    class Dies:
        def send(self, message: EmailMessage) -> None:
            sent.append(message)
            if len(sent) == 1:
                raise RemoteCallFailed("smtp://x", "died after sending", retryable=True)

    object.__setattr__(services, "mailer", Dies())
    tell(services, community, reader.id)
    dispatch.drain(services)
    tell(services, community, reader.id, key="k2")  # due too, but not part of the first mail
    clock.advance(minutes=1)
    dispatch.drain(services)
    assert [m["Message-ID"] for m in sent[:1]] * 2 == [
        m["Message-ID"] for m in sent if m["Message-ID"] == sent[0]["Message-ID"]
    ]
    assert len({m["Message-ID"] for m in sent}) == 2


def test_one_click_stops_a_kind_and_works_once(
    services: Services,
    community: people.Community,
    reader: people.PersonView,
    client: FlaskClient,
    clock: FixedClock,
) -> None:
    tell(services, community, reader.id)
    dispatch.drain(services)
    link = re.search(r"/l/[\w-]+", mails(services)[0]["List-Unsubscribe"])
    assert link is not None
    assert client.get(link[0]).status_code == 200
    assert client.get(link[0]).status_code == 200  # a scanner that opens it changes nothing
    assert client.post(link[0]).status_code == 200
    assert client.post(link[0]).status_code == 409
    tell(services, community, reader.id, key="k2")
    dispatch.drain(services)
    assert len(mails(services)) == 1
    clock.advance(days=400)
    assert client.get("/l/nothing").status_code == 404


def test_the_unreachable_are_named(
    services: Services, community: people.Community, reader: people.PersonView
) -> None:
    with services.units.community(community.id) as uow:
        nameless = people.admit(uow, issuer="https://lms", subject="1", kind="lti")
        forum = people.admit(uow, issuer="https://forum", subject="1", kind="discourse")
        uow.commit()
    with services.units.reading(community.id) as uow:
        assert notifications.unreachable(uow, [reader.id, nameless.id, forum.id]) == {nameless.id}


def test_a_missing_parameter_fails_in_the_senders_commit(
    services: Services, community: people.Community, reader: people.PersonView
) -> None:
    with pytest.raises(KeyError):
        tell(services, community, reader.id, params={})


@pytest.mark.parametrize(
    ("hour", "quiet", "bundled", "expected"),
    [
        (12, Quiet(), False, (20, 12)),
        (22, Quiet(), False, (21, 8)),
        (3, Quiet(), False, (20, 8)),
        (12, Quiet(), True, (21, 8)),
        (7, Quiet(), True, (20, 8)),
        (22, Quiet(0, 0), False, (20, 22)),
        (12, Quiet(9, 17), False, (20, 17)),
    ],
)
def test_when_a_notice_may_disturb(
    hour: int, quiet: Quiet, bundled: bool, expected: tuple[int, int]
) -> None:
    now = datetime(2026, 11, 20, hour, 0, tzinfo=UTC)
    moment = due(now, "UTC", quiet, bundled=bundled)
    assert (moment.day, moment.hour) == expected


def test_old_words_are_forgotten_and_what_waits_is_kept(
    services: Services, community: people.Community, reader: people.PersonView, clock: FixedClock
) -> None:
    tell(services, community, reader.id)
    dispatch.drain(services)
    clock.advance(days=40)
    tell(services, community, reader.id, key="k2")
    tidy(services)
    with services.units.reading(community.id) as uow:
        kept = {row.key: row.params for row in uow.session.scalars(sa.select(Notice))}
        told = [row.payload for row in uow.session.scalars(sa.select(OutboxMessage))]
    assert kept == {"k1": {}, "k2": PARAMS}
    assert len(told) == 1  # the one that still waits


def test_what_is_due_together_is_one_message_in_the_forum(
    services: Services, community: people.Community, clock: FixedClock
) -> None:
    with services.units.community(community.id) as uow:
        tom = people.admit(uow, issuer="https://forum", subject="7", kind="discourse")
        uow.commit()
    for key in ("k1", "k2", "k3"):
        tell(services, community, tom.id, key=key, waits=False)
    tell(services, community, tom.id, key="now", waits=True)
    clock.advance(hours=24)
    dispatch.drain(services)
    with services.units.system_reading() as uow:
        wanted = [
            row.payload
            for row in uow.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
            if row.name == "wants.message.v1"
        ]
    assert sorted(len(one["body"].split("\n- ")) for one in wanted) == [1, 3]
    with services.units.reading(community.id) as uow:
        assert {row.state.value for row in uow.session.scalars(sa.select(Notice))} == {"sent"}


def test_who_wants_a_kind_once_a_day_gets_it_so_though_somebody_waits(
    services: Services, community: people.Community, reader: people.PersonView, clock: FixedClock
) -> None:
    """What counts is the channel it goes by: nobody asks this one for a forum."""
    with services.units.community(community.id) as uow:
        notifications.set_preference(uow, reader.id, "review_todo", "mail", "digest")
        uow.commit()
    tell(services, community, reader.id, waits=True)
    dispatch.drain(services)
    assert mails(services) == []
    clock.advance(hours=24)
    dispatch.drain(services)
    assert len(mails(services)) == 1


def test_a_forum_brings_one_invitation_a_week(
    services: Services, community: people.Community, clock: FixedClock
) -> None:
    with services.units.community(community.id) as uow:
        tom = people.admit(uow, issuer="https://forum", subject="7", kind="discourse")
        uow.commit()

    def invited(key: str) -> str:
        with services.units.community(community.id) as uow:
            notifications.notify(
                uow, tom.id, kind="invited", message="mentoring.invited", url="/", key=key,
                waits=True, params=INVITED,
            )  # fmt: skip
            uow.commit()
        dispatch.drain(services)
        with services.units.reading(community.id) as uow:
            (row,) = uow.session.scalars(sa.select(Notice).where(Notice.key == key))
            return row.channels

    assert invited("k1") == "forum"
    clock.advance(days=3)
    assert invited("k2") == ""  # stands in the tool
    tell(services, community, tom.id, key="k3")  # not unsolicited: somebody waits for a review
    dispatch.drain(services)
    clock.advance(days=5)
    assert invited("k4") == "forum"


def test_a_refused_choice_shows_the_page_again_without_words_of_a_forum(
    services: Services, community: people.Community, reader: people.PersonView, client: FlaskClient
) -> None:
    browser = sign_in(client, services, community.id, reader.id)
    answer = browser.post("/notices", data={"begins": "30", "ends": "8"})
    assert answer.status_code == 422
    assert 'name="review_todo.mail"' in answer.text
    assert 'name="review_todo.forum"' not in answer.text
