"""What holders do: claim, share with one reader, put away, portfolio, take along, new address."""

from __future__ import annotations

import io
import json
import re
import zipfile
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from plugin.credentials import rules
from plugin.credentials.openbadges import HashedEmail
from plugin.credentials.public import PERSON_DATA
from plugin.credentials.queries import CredentialView
from plugin.credentials.services.packing import table
from plugin.people import public as people
from tests.plugin.credentials.conftest import Place
from tests.plugin.credentials.test_awarding import verify
from tests.plugin.credentials.test_deciding import make, take_back
from tests.plugin.credentials.test_pages import browser_of, stranger
from tests.support.clock import FixedClock
from tests.support.signed_in import Browser, sign_in

LINK = re.compile(r'id="link-\d+"[^>]*value="[^"]*(/(?:credentials|portfolios)/[\w-]+)"')


@pytest.fixture
def ada(place: Place) -> UUID:
    person = place.person("Ada Lovelace")
    place.happen(place.reviewed(person))
    return person


@pytest.fixture
def earned(place: Place, ada: UUID) -> CredentialView:
    return place.earned(ada)[0]


@pytest.fixture
def holder(client: FlaskClient, place: Place, ada: UUID) -> Browser:
    return sign_in(client, place.services, place.community_id, ada)


def links_on(holder: Browser, page: str) -> list[str]:
    return LINK.findall(holder.get(page).text)


def test_claiming_names_the_file_and_shows_it_to_nobody(
    client: FlaskClient, holder: Browser, earned: CredentialView, place: Place, ada: UUID
) -> None:
    page = f"/my/credentials/{earned.handle}"
    assert "take it" in holder.get(page).text
    assert "Share it with one reader" not in holder.get(page).text

    assert holder.post(f"{page}/claim", {"show": "named", "name": "Ada L."}).status_code == 303

    (after,) = place.earned(ada)
    assert "Ada L." in after.signed.decode()
    assert verify(place, after.signed)["id"] == json.loads(earned.signed)["id"]
    assert stranger(client).get(f"/credentials/{earned.handle}").status_code == 404
    assert "Share it with one reader" in holder.get(page).text


def test_a_link_opens_for_its_reader_until_it_is_closed_and_never_again(
    client: FlaskClient, holder: Browser, earned: CredentialView
) -> None:
    page = f"/my/credentials/{earned.handle}"
    holder.post(f"{page}/claim", {"show": "unnamed"})
    for label in ("Acme", "Globex"):
        assert holder.post(f"{page}/links", {"label": label}).status_code == 303
    assert holder.post(f"{page}/links", {"label": ""}).status_code == 303  # said, and not made
    first, second = links_on(holder, page)

    for link in (first, second):
        assert "Valid today" in stranger(client).get(link).text
        assert stranger(client).get(f"{link}.json").get_json(force=True)["id"]
        assert earned.handle not in stranger(client).get(link).text
    assert stranger(client).get(f"/credentials/{earned.handle}").status_code == 404

    assert holder.post(f"/my/links/{first.rsplit('/', 1)[1]}/close").status_code == 303
    for path in (first, f"{first}.json"):
        assert stranger(client).get(path).status_code == 404
    assert stranger(client).get(second).status_code == 200
    holder.post(f"{page}/share", {"show": "unnamed"})
    holder.post(f"{page}/links", {"label": "Acme"})
    assert stranger(client).get(first).status_code == 404


def test_a_link_ends_by_itself(
    client: FlaskClient, holder: Browser, earned: CredentialView, clock: FixedClock
) -> None:
    page = f"/my/credentials/{earned.handle}"
    holder.post(f"{page}/claim", {"show": "unnamed"})
    assert holder.post(f"{page}/links", {"label": "Acme", "days": "8"}).status_code == 303
    assert links_on(holder, page) == []
    holder.post(f"{page}/links", {"label": "Acme", "days": "7"})
    (link,) = links_on(holder, page)

    clock.advance(days=6)
    assert stranger(client).get(link).status_code == 200
    clock.advance(days=2)
    assert stranger(client).get(link).status_code == 404


def test_what_was_taken_back_says_so_behind_a_link_too(
    client: FlaskClient, holder: Browser, earned: CredentialView, place: Place, ada: UUID
) -> None:
    page = f"/my/credentials/{earned.handle}"
    holder.post(f"{page}/claim", {"show": "unnamed"})
    holder.post(f"{page}/links", {"label": "Acme"})
    (link,) = links_on(holder, page)

    take_back(place, ada, "Reviewed work")

    assert "Withdrawn on" in stranger(client).get(link).text
    assert holder.post(f"{page}/links", {"label": "More"}).status_code == 409


def test_nobody_makes_or_closes_links_of_others(
    client: FlaskClient, holder: Browser, earned: CredentialView, place: Place
) -> None:
    page = f"/my/credentials/{earned.handle}"
    holder.post(f"{page}/claim", {"show": "unnamed"})
    holder.post(f"{page}/links", {"label": "Acme"})
    (link,) = links_on(holder, page)
    other = browser_of(place, client.application.test_client(), "Bea", "administrator")

    assert other.post(f"{page}/links", {"label": "Mine"}).status_code == 403
    assert other.post(f"{page}/away").status_code == 403
    assert other.post(f"/my/links/{link.rsplit('/', 1)[1]}/close").status_code == 403
    assert stranger(client).get(link).status_code == 200


def test_put_away_closes_every_page_and_comes_back_private(
    client: FlaskClient, holder: Browser, earned: CredentialView
) -> None:
    page = f"/my/credentials/{earned.handle}"
    holder.post(f"{page}/share", {"show": "unnamed"})
    holder.post(f"{page}/links", {"label": "Acme"})
    (link,) = links_on(holder, page)

    assert holder.post(f"{page}/away").status_code == 303
    assert stranger(client).get(link).status_code == 404
    assert stranger(client).get(f"/credentials/{earned.handle}").status_code == 404
    assert "Put away (1)" in holder.get("/my/credentials").text
    assert holder.post(f"{page}/back").status_code == 303
    assert "Put away (" not in holder.get("/my/credentials").text
    assert stranger(client).get(f"/credentials/{earned.handle}").status_code == 404


def test_a_portfolio_shows_what_is_chosen_and_closes_with_its_link(
    client: FlaskClient, holder: Browser, place: Place, ada: UUID, earned: CredentialView
) -> None:
    bea = place.person("Bea")
    place.happen(place.reviewed(bea), place.answered(place.account("ada"), ada))
    theirs = place.earned(bea)[0]
    form = {"title": "What I can do", "about": "I write clearly.", "holder_name": "Ada L."}
    assert holder.post("/my/portfolio/links", {"label": "Acme"}).status_code == 409

    chosen = form | {"items": [earned.handle, theirs.handle]}
    assert holder.post("/my/portfolio", chosen).status_code == 303
    assert holder.post("/my/portfolio/links", {"label": "Acme"}).status_code == 303
    (link,) = links_on(holder, "/my/portfolio")
    shown = stranger(client).get(link)
    assert "Set-Cookie" not in shown.headers
    assert "Ada L." in shown.text
    assert "Reviewed work" in shown.text
    assert "Helpful answer" not in shown.text
    inner = set(re.findall(r'href="(/credentials/[\w-]+)"', shown.text))
    assert len(inner) == 1
    assert "Valid today" in stranger(client).get(inner.pop()).text

    both = [item.handle for item in place.earned(ada)]
    holder.post("/my/portfolio", form | {"items": both})
    text = stranger(client).get(link).text
    assert "Helpful answer" in text
    inside = sorted(set(re.findall(r'href="(/credentials/[\w-]+)"', text)))
    holder.post("/my/portfolio", form | {"items": [both[0]]})
    opens = [stranger(client).get(path).status_code for path in inside]
    assert sorted(opens) == [200, 404]

    holder.post(f"/my/links/{link.rsplit('/', 1)[1]}/close")
    for path in (link, *inside):
        assert stranger(client).get(path).status_code == 404


def test_everything_can_be_taken_along(holder: Browser, place: Place, ada: UUID) -> None:
    place.happen(place.answered(place.account("ada"), ada))
    answer = holder.get("/my/credentials/everything.zip")

    assert answer.mimetype == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    files = [name for name in archive.namelist() if re.match(r"\d\d-.*\.json", name)]
    assert {archive.read(name) for name in files} == {c.signed for c in place.earned(ada)}
    assert "Reviewed work" in archive.read("list.csv").decode()
    kinds = {one["kind"] for one in json.loads(archive.read("evidence.json"))}
    assert {"reviewed_work", "contribution", "award"} <= kinds


def test_no_cell_becomes_a_formula() -> None:
    risky = ["=1+1", "+1", "-1", "@A1", "\tx", "fine"]
    assert table([risky]).strip().split(",") == ["'=1+1", "'+1", "'-1", "'@A1", "'\tx", "fine"]


def test_a_new_address_takes_one_click_and_keeps_the_identifier(
    holder: Browser, place: Place, ada: UUID, earned: CredentialView
) -> None:
    assert holder.post("/my/credentials/address").status_code == 409
    place.do(lambda uow: people.confirm_email(uow, ada, "ada@old.example"))
    page = f"/my/credentials/{earned.handle}"
    holder.post(f"{page}/claim", {"show": "unnamed", "email": "true"})
    before = json.loads(place.earned(ada)[0].signed)
    (identity,) = before["credentialSubject"]["identifier"]
    old = HashedEmail(salt=identity["salt"], digest=identity["identityHash"])
    assert old.fits("Ada@old.example")
    assert "older e-mail address" not in holder.get("/my/credentials").text

    place.do(lambda uow: people.confirm_email(uow, ada, "ada@new.example"))
    assert "1 credential names an older e-mail address" in holder.get("/my/credentials").text
    assert holder.post("/my/credentials/address").status_code == 303

    after = verify(place, place.earned(ada)[0].signed)
    (identity,) = after["credentialSubject"]["identifier"]
    new = HashedEmail(salt=identity["salt"], digest=identity["identityHash"])
    assert new.fits("ada@new.example")
    assert new.salt != old.salt
    assert (after["id"], after["validFrom"] > before["validFrom"]) == (before["id"], True)
    assert "new.example" not in json.dumps(after)


def test_what_is_next_names_what_is_missing(holder: Browser, place: Place, ada: UUID) -> None:
    level = rules.RubricLevel(level=3, reviews=3, mentor_reviews=1, rubric="clear-work")
    many = rules.Contributions(kind="review_given", count=2)
    make(place, rules.AllOf(parts=(level, many)))

    text = holder.get("/my/credentials").text

    assert "needed is" in text
    assert "It waits for 1 more review." in text
    assert "1 of the reviews has to be a mentor’s." in text
    assert "2 more: Reviews written for others." in text


def test_erasing_and_merging_close_and_move_links(
    client: FlaskClient, holder: Browser, place: Place, ada: UUID, earned: CredentialView
) -> None:
    page = f"/my/credentials/{earned.handle}"
    holder.post(f"{page}/claim", {"show": "unnamed"})
    holder.post(f"{page}/links", {"label": "Acme"})
    holder.post("/my/portfolio", {"title": "T", "items": [earned.handle]})
    holder.post("/my/portfolio/links", {"label": "Acme"})
    links = [*links_on(holder, page), *links_on(holder, "/my/portfolio")]
    assert len(links) == 2

    bea = place.person("Bea")
    other = sign_in(client.application.test_client(), place.services, place.community_id, bea)
    other.post("/my/portfolio", {"title": "Mine"})
    place.do(lambda uow: PERSON_DATA.merge(uow, ada, bea))
    assert [stranger(client).get(link).status_code for link in links] == [200, 404]

    place.do(lambda uow: PERSON_DATA.erase(uow, bea))
    assert [stranger(client).get(link).status_code for link in links] == [404, 404]
