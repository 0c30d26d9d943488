"""Attacks by what is in a mail: names that end lines, addresses that are several or none."""

import email
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask

from plugin.kernel.dispatch import drain
from plugin.kernel.services import Services
from plugin.mentoring.models import Side
from plugin.people import public as people
from tests.plugin.mentoring.village import Village, found
from tests.support.signed_in import sign_in

ODD_NAME = "Lea\nBcc: x@evil.example\u2028X-Evil: yes <script>alert(1)</script>"


@pytest.fixture
def village(services: Services, community: people.Community) -> Village:
    return found(services, community)


def mails(village: Village) -> list[EmailMessage]:
    folder = village.services.settings.data_folder / "mail"
    return [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted(folder.glob("*.eml"))
    ]


def test_a_name_with_line_ends_holds_up_no_mail_and_begins_no_header(
    app: Flask, village: Village
) -> None:
    """One such name in a subject kept every notice of its reader from leaving."""
    village.join("Mona", Side.OFFER)
    lea = village.join("Lea", Side.LEARN)
    with village.services.units.community(village.community.id) as uow:
        people.update_profile(uow, lea.person_id, display_name=ODD_NAME)
        uow.commit()
    draft = village.match()
    tess = sign_in(
        app.test_client(),
        village.services,
        village.community.id,
        village.teacher.person_id,
        list(village.teacher.roles),
    )
    base = f"/c/{village.context.handle}/mentoring/{village.programme.handle}"
    assert tess.post(f"{base}/matchings/{draft.handle}/publish").status_code == 303
    drain(village.services)
    to_mona = [mail for mail in mails(village) if "mona@" in str(mail["To"])]
    assert any("Lea Bcc:" in str(mail["Subject"]) for mail in to_mona)
    for mail in to_mona:
        assert mail["Bcc"] is None
        assert mail["X-Evil"] is None
        html = mail.get_body(("html",))
        assert html is not None
        assert "<script>" not in html.get_content()


@pytest.mark.parametrize(
    "address",
    ["a@", "@", "a@b@c", "a@[1.2", "a:b@c;", "<a@example.org>", "a@" + "b" * 300 + ".org"],
)
def test_an_address_that_no_mail_reaches_is_refused_while_somebody_looks(
    app: Flask, village: Village, address: str
) -> None:
    tess = sign_in(
        app.test_client(),
        village.services,
        village.community.id,
        village.teacher.person_id,
        list(village.teacher.roles),
    )
    base = f"/c/{village.context.handle}/mentoring/{village.programme.handle}"
    assert tess.post(f"{base}/invite", {"addresses": address}).status_code == 422
    answer = tess.post(f"{base}/invite", {"addresses": "ola@example.org, per@example.org"})
    assert answer.status_code == 303
