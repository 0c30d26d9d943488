"""Administration through its pages: staff, invitations, deliveries, audit."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from plugin.extension import AdministrationPage, Extension
from plugin.kernel.ids import new_id
from plugin.kernel.outbox import Delivery, DeliveryState, OutboxMessage
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web.public import open_ones
from tests.plugin.web.test_mail_door import mails
from tests.support.signed_in import Browser, sign_in


@pytest.fixture
def admin_id(services: Services, community: people.Community) -> UUID:
    with services.units.community(community.id) as uow:
        person = people.admit_by_email(uow, "ingrid@example.org", display_name="Ingrid Berg")
        people.grant_right(uow, person.id, "administrator")
        uow.commit()
    return person.id


@pytest.fixture
def admin(
    client: FlaskClient, services: Services, community: people.Community, admin_id: UUID
) -> Browser:
    return sign_in(client, services, community.id, admin_id)


def delivery(services: Services, community_id: UUID, state: DeliveryState, attempts: int) -> UUID:
    with services.units.system() as uow:
        message = OutboxMessage(
            id=new_id(),
            community_id=community_id,
            name="wants.badge.wanted.v1",
            payload={},
            reference="AB2CD3EF",
            created_at=uow.now(),
        )
        uow.session.add(message)
        uow.session.flush()
        row = Delivery(
            id=new_id(),
            message_id=message.id,
            subscriber="forum.badges",
            state=state,
            attempts=attempts,
            next_attempt_at=uow.now(),
            last_error="403: the key may not",
        )
        uow.session.add(row)
        uow.commit()
    return row.id


def state_of(services: Services, delivery_id: UUID) -> tuple[DeliveryState, int]:
    with services.units.system_reading() as uow:
        row = uow.session.scalars(sa.select(Delivery).where(Delivery.id == delivery_id)).one()
        return row.state, row.attempts


def test_failed_deliveries_show_their_reason_and_are_tried_again(
    admin: Browser, services: Services, community: people.Community
) -> None:
    parked = delivery(services, community.id, DeliveryState.PARKED, 12)
    text = admin.get("/admin/deliveries").get_data(as_text=True)
    assert "403: the key may not" in text
    assert "failed for good" in text
    assert "1 delivery failed for good" in admin.get("/").get_data(as_text=True)
    assert admin.post(f"/admin/deliveries/{parked.hex}/again").status_code == 303
    assert state_of(services, parked) == (DeliveryState.WAITING, 0)
    assert "administration.delivery.retried" in admin.get("/admin/audit").get_data(as_text=True)


def test_deliveries_of_another_community_are_out_of_reach(
    admin: Browser, services: Services
) -> None:
    foreign = delivery(services, new_id(), DeliveryState.PARKED, 12)
    assert "403: the key" not in admin.get("/admin/deliveries").get_data(as_text=True)
    assert admin.post(f"/admin/deliveries/{foreign.hex}/again").status_code == 404
    assert admin.post("/admin/deliveries/nonsense/again").status_code == 404
    assert state_of(services, foreign) == (DeliveryState.PARKED, 12)


def test_many_deliveries_come_in_pages(
    admin: Browser, services: Services, community: people.Community
) -> None:
    for _n in range(51):
        delivery(services, community.id, DeliveryState.PARKED, 12)
    text = admin.get("/admin/deliveries").get_data(as_text=True)
    assert text.count("Try again</button>") == 50
    after = text.split("after=")[1].split('"')[0]
    rest = admin.get(f"/admin/deliveries?after={after}").get_data(as_text=True)
    assert rest.count("Try again</button>") == 1


def test_invitation_is_mailed_and_shown_once(
    admin: Browser, services: Services, community: people.Community
) -> None:
    sent = {"right": "coordinator", "email": "ola@example.org", "note": "Please help"}
    assert admin.post("/admin/staff", sent).status_code == 303
    assert mails(services)[-1]["To"] == "ola@example.org"
    assert "http://localhost/invite/" in mails(services)[-1].get_content()
    first = admin.get("/admin/staff").get_data(as_text=True)
    assert "http://localhost/invite/" in first
    assert "http://localhost/invite/" not in admin.get("/admin/staff").get_data(as_text=True)
    with services.units.reading(community.id) as uow:
        handle = open_ones(uow, community.id)[0].handle
    assert admin.post(f"/admin/invitations/{handle}/withdraw").status_code == 303
    with services.units.reading(community.id) as uow:
        assert open_ones(uow, community.id) == []


def test_rights_are_taken_back_but_not_the_last_administrators(
    admin: Browser, services: Services, community: people.Community, admin_id: UUID
) -> None:
    with services.units.community(community.id) as uow:
        other = people.admit_by_email(uow, "ola@example.org", display_name="Ola")
        people.grant_right(uow, other.id, "coordinator")
        me = people.person(uow, admin_id)
        uow.commit()
    sent = {"person": other.handle, "right": "coordinator", "context": ""}
    assert admin.post("/admin/staff/withdraw", sent).status_code == 303
    with services.units.reading(community.id) as uow:
        assert not people.has_right(uow, other.id, "coordinator")
    last = {"person": me.handle, "right": "administrator", "context": ""}
    refused = admin.post("/admin/staff/withdraw", last)
    assert refused.status_code == 403
    assert "last administrator" in refused.get_data(as_text=True)


def test_the_audit_names_people_and_shows_no_keys_of_rows(
    admin: Browser, services: Services, community: people.Community, admin_id: UUID
) -> None:
    with services.units.community(community.id) as uow:
        gone = new_id()
        uow.audit("people.right.granted", actor=admin_id, subject=f"person:{gone}", right="x")
        uow.audit("people.right.granted", actor=admin_id, subject="person:nobody", right="x")
        uow.commit()
    text = admin.get("/admin/audit").get_data(as_text=True)
    assert text.count("Ingrid Berg") > 3  # who did it, and whom it was about
    assert str(admin_id) not in text
    assert str(gone) not in text


def test_only_administrators_come_in(
    app: Flask, services: Services, community: people.Community
) -> None:
    with services.units.community(community.id) as uow:
        person = people.admit_by_email(uow, "ola@example.org")
        people.grant_right(uow, person.id, "coordinator")
        uow.commit()
    browser = sign_in(app.test_client(), services, community.id, person.id)
    for path in ("/admin/", "/admin/staff", "/admin/audit", "/admin/deliveries"):
        assert browser.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 401


def test_overview_shows_what_extensions_bring(admin: Browser, services: Services) -> None:
    page = AdministrationPage(
        title="Moodle and Canvas",
        path="/admin/lti",
        health=lambda _uow, _services: "2 platforms, last launch today",
    )
    services.extra["extensions"] = (Extension(name="lti", administration=(page,)),)
    text = admin.get("/admin/").get_data(as_text=True)
    assert "Moodle and Canvas" in text
    assert "2 platforms, last launch today" in text
    assert "Ingrid Berg" in text


def test_everything_is_checked_on_request_where_the_community_is_alone(
    admin: Browser, services: Services
) -> None:
    text = admin.get("/admin/health").get_data(as_text=True)
    assert "secrets can be sealed and opened" in text
    with services.units.system() as uow:
        people.found_community(uow, "Southern Cross")
        uow.commit()
    text = admin.get("/admin/health").get_data(as_text=True)
    assert "secrets can be sealed and opened" not in text
    assert "Several communities share" in text


@pytest.mark.parametrize(
    ("origins", "words"),
    [((), "Not connected yet."), (("https://a.example", "https://b.example"), "2 connected.")],
)
def test_extension_without_a_page_shows_how_to_connect(
    admin: Browser, services: Services, origins: tuple[str, ...], words: str
) -> None:
    services.extra["extensions"] = (
        Extension(name="lti", frame_ancestors=lambda _services: origins),
    )
    text = admin.get("/admin/").get_data(as_text=True)
    assert "lantern lti add-platform" in text
    assert words in text
