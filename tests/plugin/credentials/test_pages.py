"""Pages of credentials: strangers, the holder, staff."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from plugin.credentials.queries import CredentialView
from plugin.people import public as people
from tests.plugin.credentials.conftest import Place
from tests.support.signed_in import Browser, sign_in


@pytest.fixture
def ada(place: Place) -> UUID:
    """Somebody whose work was reviewed and found good."""
    person = place.person("Ada Lovelace")
    place.happen(place.reviewed(person))
    return person


@pytest.fixture
def earned(place: Place, ada: UUID) -> CredentialView:
    return place.earned(ada)[0]


@pytest.fixture
def holder(client: FlaskClient, place: Place, ada: UUID) -> Browser:
    return sign_in(client, place.services, place.community_id, ada)


def browser_of(place: Place, client: FlaskClient, name: str, *rights: str) -> Browser:
    person = place.person(name)
    for right in rights:
        place.do(lambda uow, right=right: people.grant_right(uow, person, right))
    return sign_in(client, place.services, place.community_id, person)


def stranger(client: FlaskClient) -> FlaskClient:
    return client.application.test_client()


def share(holder: Browser, earned: CredentialView, **answers: Any) -> None:
    answer = holder.post(
        f"/my/credentials/{earned.handle}/share", {"show": "unnamed", "name": ""} | answers
    )
    assert answer.status_code == 303


def test_nothing_is_public_before_the_holder_shares_it(
    client: FlaskClient, earned: CredentialView
) -> None:
    for path in (f"/credentials/{earned.handle}", f"/credentials/{earned.handle}.json"):
        assert stranger(client).get(path).status_code == 404


def test_a_shared_credential_is_readable_by_strangers_without_a_cookie(
    client: FlaskClient, holder: Browser, earned: CredentialView
) -> None:
    share(holder, earned)

    answer = stranger(client).get(f"/credentials/{earned.handle}")

    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Valid today" in text
    assert "Northern Lights" in text
    assert "Purpose" in text
    assert "What this does not prove" in text
    assert 'property="og:title"' in text
    assert "Ada" not in text
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_page_looks_alike_to_the_holder_and_to_strangers(
    client: FlaskClient, holder: Browser, earned: CredentialView
) -> None:
    share(holder, earned)
    path = f"/credentials/{earned.handle}"

    assert holder.get(path).get_data() == stranger(client).get(path).get_data()


def test_the_document_is_served_byte_for_byte_to_any_origin(
    client: FlaskClient, holder: Browser, earned: CredentialView
) -> None:
    share(holder, earned)

    answer = stranger(client).get(f"/credentials/{earned.handle}.json")

    assert answer.get_data() == earned.signed
    assert answer.mimetype == "application/vc+ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_name_is_signed_only_if_the_holder_wants_it(
    client: FlaskClient, holder: Browser, earned: CredentialView, place: Place, ada: UUID
) -> None:
    share(holder, earned, show="named", name="Ada L.")

    document = json.loads(stranger(client).get(f"/credentials/{earned.handle}.json").data)
    (identifier,) = document["credentialSubject"]["identifier"]
    assert identifier["identityHash"] == "Ada L."
    assert document["id"] == json.loads(earned.signed)["id"]
    assert document["validFrom"] > json.loads(earned.signed)["validFrom"]
    assert document["awardedDate"] == json.loads(earned.signed)["awardedDate"]
    assert "Ada L." in stranger(client).get(f"/credentials/{earned.handle}").text

    share(holder, earned, show="unnamed", name="Ada L.")
    assert "Ada L." not in stranger(client).get(f"/credentials/{earned.handle}").text


@pytest.mark.parametrize(
    "answers",
    [
        {"show": "named", "name": ""},
        {"show": "named", "name": "A" * 121},
        {"show": "perhaps", "name": "Ada"},
        {},
    ],
)
def test_an_unusable_answer_comes_back_with_its_errors(
    client: FlaskClient, holder: Browser, earned: CredentialView, answers: dict[str, str]
) -> None:
    answer = holder.post(f"/my/credentials/{earned.handle}/share", answers)

    assert answer.status_code == 422
    assert 'id="errors"' in answer.text
    assert stranger(client).get(f"/credentials/{earned.handle}").status_code == 404


def test_a_page_can_be_closed_again(
    client: FlaskClient, holder: Browser, earned: CredentialView
) -> None:
    share(holder, earned)
    assert holder.post(f"/my/credentials/{earned.handle}/hide").status_code == 303

    assert stranger(client).get(f"/credentials/{earned.handle}").status_code == 404
    assert "Only you see it" in holder.get("/my/credentials").text


def test_posts_are_linked_only_if_the_holder_wants_it(
    client: FlaskClient, holder: Browser, place: Place, ada: UUID
) -> None:
    place.happen(place.answered(place.account("ada"), ada, number=9))
    answer = next(c for c in place.earned(ada) if c.name == "Helpful answer")
    page = f"/credentials/{answer.handle}"

    assert "Link to my posts" in holder.get(f"/my/credentials/{answer.handle}").text
    share(holder, answer)
    assert "forum.example" not in stranger(client).get(page).text
    share(holder, answer, links="true")
    assert 'href="https://forum.example/t/how/7/9"' in stranger(client).get(page).text


def test_an_address_that_is_no_web_address_is_never_linked(
    client: FlaskClient, holder: Browser, place: Place, ada: UUID
) -> None:
    bad = replace(place.answered(place.account("ada"), ada), source_url="javascript:alert(1)")
    place.happen(bad)
    answer = next(c for c in place.earned(ada) if c.name == "Helpful answer")

    assert "Link to my posts" not in holder.get(f"/my/credentials/{answer.handle}").text
    share(holder, answer, links="true")
    assert "javascript:" not in stranger(client).get(f"/credentials/{answer.handle}").text


def test_my_page_shows_what_it_rests_on_and_what_is_next(
    holder: Browser, earned: CredentialView
) -> None:
    text = holder.get("/my/credentials").text
    assert "Reviewed work" in text
    assert "Helpful answer" not in text  # nothing to earn in a forum where there is none

    text = holder.get(f"/my/credentials/{earned.handle}").text
    assert "9f86d081" in text
    assert 'value="Ada Lovelace"' in text


def test_my_copy_can_be_downloaded_before_sharing(
    client: FlaskClient, holder: Browser, earned: CredentialView
) -> None:
    answer = holder.get(f"/my/credentials/{earned.handle}.json")

    assert answer.data == earned.signed
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_nobody_else_opens_shares_or_closes_my_credential(
    client: FlaskClient, place: Place, earned: CredentialView
) -> None:
    other = browser_of(place, client, "Bea", "administrator")
    base = f"/my/credentials/{earned.handle}"

    assert other.get(base).status_code == 403
    assert other.get(f"{base}.json").status_code == 403
    assert other.post(f"{base}/share", {"show": "unnamed"}).status_code == 403
    assert other.post(f"{base}/hide").status_code == 403


def test_a_revoked_page_remains_and_says_so(
    client: FlaskClient, holder: Browser, earned: CredentialView, place: Place
) -> None:
    share(holder, earned)
    staff = browser_of(place, client.application.test_client(), "Cleo", "coordinator")
    home = f"/admin/achievements/{earned.achievement_handle}"
    assert "Ada Lovelace" in staff.get(home).text
    assert "Reason" in staff.get(f"{home}?revoke={earned.handle}").text

    assert staff.post(f"{home}/revoke/{earned.handle}", {"reason": "no"}).status_code == 422
    done = staff.post(f"{home}/revoke/{earned.handle}", {"reason": "The work was copied"})
    assert done.status_code == 303

    text = stranger(client).get(f"/credentials/{earned.handle}").text
    assert "Withdrawn on" in text
    assert "The work was copied" in text
    assert "Valid today" not in text
    assert "The work was copied" in holder.get("/my/credentials").text
    (after,) = place.earned(earned.person_id)
    assert stranger(client).get(f"/credentials/{earned.handle}.json").data == after.signed


def test_the_issuers_documents_are_open(
    client: FlaskClient, holder: Browser, earned: CredentialView
) -> None:
    document = json.loads(earned.signed)
    did = document["issuer"]["id"]
    path = "/" + "/".join(did.split(":")[3:]) + "/did.json"

    published = stranger(client).get(path)
    assert published.headers["Access-Control-Allow-Origin"] == "*"
    assert published.get_json(force=True)["id"] == did
    assert (
        document["proof"][0]["verificationMethod"]
        in published.get_json(force=True)["assertionMethod"]
    )

    listed = document["credentialStatus"]["statusListCredential"]
    answer = stranger(client).get(re.sub(r"^https?://[^/]+", "", listed))
    assert answer.get_json(force=True)["id"] == listed
    assert answer.mimetype == "application/vc+ld+json"


def test_an_achievement_explains_itself_and_has_a_picture(
    client: FlaskClient, earned: CredentialView
) -> None:
    base = f"/achievements/{earned.achievement_handle}"

    assert "independently" in stranger(client).get(base).text
    image = stranger(client).get(f"{base}/badge.svg")
    assert image.mimetype == "image/svg+xml"
    assert "<title" in image.text
    assert "Reviewed work" in image.text


@pytest.mark.parametrize(
    "path",
    [
        "/credentials/nothing",
        "/credentials/nothing.json",
        "/issuers/nothing/did.json",
        "/issuers/nothing/status/nothing",
        "/achievements/nothing",
        "/achievements/nothing/badge.svg",
    ],
)
def test_unknown_handles_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_handles_of_one_kind_do_not_open_pages_of_another(
    client: FlaskClient, earned: CredentialView
) -> None:
    assert client.get(f"/credentials/{earned.achievement_handle}").status_code == 404
    assert client.get(f"/achievements/{earned.handle}").status_code == 404


def test_staff_publish_an_achievement_that_looks_back(
    client: FlaskClient, place: Place, ada: UUID
) -> None:
    account = place.account("ada")
    place.happen(*(place.answered(account, ada, number=n) for n in range(2)))
    staff = browser_of(place, client, "Cleo", "coordinator")
    form = {
        "name": "Twice helpful",
        "description": "Helps more than once, and well.",
        "accepted_answer": "2",
    }

    assert "clear-work:2" in staff.get("/admin/achievements/new").text
    for wrong in ({"name": "x"}, {"name": "\x07"}, {"name": "HELPFUL answer"}, {"bar": "moon:2"}):
        assert staff.post("/admin/achievements/new", form | wrong).status_code == 422
    assert staff.post("/admin/achievements/new", form | {"accepted_answer": ""}).status_code == 422
    draft = staff.post("/admin/achievements/new", form)
    assert draft.status_code == 303
    place.happen()
    before = place.earned(ada)

    shown = staff.get(draft.location).text
    assert "It would be given to 1 person now." in shown
    assert "Ada Lovelace" in shown
    assert "Taken as the solution" in shown
    assert place.earned(ada) == before
    assert "Twice helpful" not in {c.name for c in before}
    assert stranger(client).get(draft.location.removeprefix("/admin")).status_code == 404

    assert staff.post(f"{draft.location}/publish").status_code == 303
    place.happen()
    assert "Twice helpful" in {c.name for c in place.earned(ada)}
    assert "Twice helpful" in staff.get("/admin/achievements").text
    assert staff.post(f"{draft.location}/publish").status_code == 409


def test_staff_bind_an_achievement_to_a_rubric_level_and_retire_it(
    client: FlaskClient, place: Place, ada: UUID
) -> None:
    staff = browser_of(place, client, "Cleo", "administrator", "coordinator")
    form = {
        "name": "Outstanding work",
        "description": "Work that others can build on.",
        "bar": "clear-work:3",
        "reviews": "2",
    }
    draft = staff.post("/admin/achievements/new", form).location
    staff.post(f"{draft}/publish")
    place.happen(
        place.reviewed(ada, levels={"purpose": 3, "reasoning": 3, "form": 3}),
    )

    earned = {c.name: c for c in place.earned(ada)}["Outstanding work"]
    assert "others could build on it" in earned.criteria
    base = f"/admin/achievements/{earned.achievement_handle}"
    assert staff.post(f"{base}/retire").status_code == 303
    assert "No longer given" in staff.get("/admin/achievements").text


def test_members_do_not_reach_the_pages_of_staff(
    client: FlaskClient, place: Place, holder: Browser, earned: CredentialView
) -> None:
    base = f"/admin/achievements/{earned.achievement_handle}"
    for path in ("/admin/achievements", "/admin/achievements/new", base):
        assert holder.get(path).status_code == 403
    for path in (f"{base}/retire", f"{base}/revoke/{earned.handle}", "/admin/achievements/new"):
        assert holder.post(path, {"reason": "because I can"}).status_code == 403


def test_a_right_for_one_course_does_not_manage_the_communitys_achievements(
    client: FlaskClient, place: Place, earned: CredentialView
) -> None:
    person = place.person("Dora")
    course = place.do(
        lambda uow: people.context_for(
            uow, issuer="https://lms.example", external_id="7", kind="course", title="Logic"
        )
    )
    place.do(lambda uow: people.grant_right(uow, person, "coordinator", course.id))
    browser = sign_in(client, place.services, place.community_id, person)

    assert browser.get("/admin/achievements").status_code == 200
    assert browser.get("/admin/achievements/new").status_code == 403
    assert browser.get(f"/admin/achievements/{earned.achievement_handle}").status_code == 403


def test_home_tells_of_what_was_earned(holder: Browser, earned: CredentialView) -> None:
    with_card = holder.get("/")

    assert with_card.status_code == 200
    assert f"/my/credentials/{earned.handle}" in with_card.text
