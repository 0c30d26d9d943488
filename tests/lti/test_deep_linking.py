"""A teacher adds activities from the practice LMS; the answer creates them there."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import jwt
import pytest
import requests

from lti.offers import offers
from plugin.people import public as people
from plugin.practice.lms import queries
from plugin.practice.lms.records import Activity, User
from plugin.reviews import public as reviews
from tests.lti.conftest import Campus, browser


class _Form(HTMLParser):
    """The fields and the choices of a page's form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.choices: list[str] = []
        self.action = ""
        self.feed(page.split("<main")[1].split("</main>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = found.get("action", "")
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"]] = found["value"]
        if tag == "input" and found.get("name") == "item":
            self.choices.append(found["value"])


class Choosing:
    """A person at the picker."""

    def __init__(self, campus: Campus, user: User) -> None:
        self.campus = campus
        self.visitor = campus.visitor(user)
        self.session = browser()

    def open(self) -> requests.Response:
        login = self.visitor.choose_content(self.campus.course.id, self.campus.tool.id)
        answer = self.visitor.launch(login, self.session)
        assert answer.status_code == 303, answer.text
        url = self.campus.base_url + answer.headers["Location"]
        arrived = self.session.get(url, allow_redirects=False, timeout=30)
        self.path = arrived.headers["Location"]
        self.url = self.campus.base_url + self.path
        return self.session.get(self.url, timeout=30)

    def choose(self, **fields: object) -> requests.Response:
        form = _Form(self.session.get(self.url, timeout=30).text)
        return self.session.post(self.url, {**form.fields, **fields}, timeout=30)

    def bring_back(self, answer: requests.Response) -> requests.Response:
        form = _Form(answer.text)
        return self.visitor.session.post(form.action, form.fields, timeout=30)

    def activities(self) -> list[Activity]:
        with self.campus.lms.store.reading() as db:
            return queries.activities(db, self.campus.course.id)


@pytest.fixture
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Everything here is done on both platforms."""
    if "profile" in metafunc.fixturenames:
        metafunc.parametrize("profile", ["moodle", "canvas"], indirect=True)


@pytest.fixture
def choosing(campus: Campus) -> Choosing:
    return Choosing(campus, campus.tessa)


def make_activity(campus: Campus) -> reviews.ActivityView:
    person_id = campus.person_id(campus.tessa)
    with campus.services.units.community(campus.community.id) as uow:
        context = people.contexts(uow)[0]
        handle = reviews.create_activity(
            uow,
            context_id=context.id,
            created_by=person_id,
            title="Essay <b>one</b>",
            instructions="Write one page.",
        )
        made = reviews.activity(uow, handle)
        uow.commit()
    return made


def test_the_start_page_is_offered_and_added(choosing: Choosing) -> None:
    page = choosing.open()
    assert page.status_code == 200
    form = _Form(page.text)
    assert form.choices[0] == "home"
    foot = page.text.partition("<footer")[2]
    assert "Signed in as" in foot
    assert "href=" not in foot
    answer = choosing.choose(item="home")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert f"form-action 'self' {choosing.campus.lms.base_url}" in policy
    assert choosing.bring_back(answer).status_code == 200
    (made,) = choosing.activities()
    assert urlsplit(made.url).path.startswith("/c/")
    launched = choosing.campus.launch(choosing.campus.ada, made.id)
    assert launched.status_code == 303


def test_a_review_activity_brings_its_column_and_its_own_name(choosing: Choosing) -> None:
    campus = choosing.campus
    choosing.open()
    activity = make_activity(campus)
    answer = choosing.choose(item=["home", f"review:{activity.handle}"], column="true")
    assert choosing.bring_back(answer).status_code == 200
    review = next(one for one in choosing.activities() if one.title == "Essay <b>one</b>")
    assert review.custom["lantern_resource"] == activity.handle
    with campus.lms.store.reading() as db:
        (column,) = queries.line_items(db, campus.course.id)
    assert (column.resource_id, column.tag) == (activity.handle, "lantern")
    assert column.score_maximum == activity.maximum
    session = browser()
    arrived = campus.launch(campus.ada, review.id, session)
    landed = session.get(
        campus.base_url + arrived.headers["Location"], allow_redirects=False, timeout=30
    )
    assert landed.headers["Location"].endswith(f"/reviews/{activity.handle}")


def test_without_the_tick_no_column_is_made(choosing: Choosing) -> None:
    choosing.open()
    activity = make_activity(choosing.campus)
    choosing.bring_back(choosing.choose(item=f"review:{activity.handle}"))
    with choosing.campus.lms.store.reading() as db:
        assert queries.line_items(db, choosing.campus.course.id) == []


def test_cancelling_goes_back_with_nothing(choosing: Choosing) -> None:
    choosing.open()
    answer = choosing.choose(cancel="yes")
    assert choosing.bring_back(answer).status_code == 200
    assert choosing.activities() == []


def test_an_answer_is_given_once(choosing: Choosing) -> None:
    choosing.open()
    form = _Form(choosing.session.get(choosing.url, timeout=30).text)
    first = choosing.session.post(choosing.url, {**form.fields, "item": "home"}, timeout=30)
    second = choosing.session.post(choosing.url, {**form.fields, "item": "home"}, timeout=30)
    assert (first.status_code, second.status_code) == (200, 409)


@pytest.mark.parametrize("items", [[], ["review:nope"], ["home", "nope"]])
def test_only_what_was_offered_can_be_chosen(choosing: Choosing, items: list[str]) -> None:
    choosing.open()
    assert choosing.choose(item=items).status_code == 422


def test_a_choice_is_its_owners(choosing: Choosing, campus: Campus) -> None:
    choosing.open()
    other = Choosing(campus, campus.nora)
    other.open()
    assert other.session.get(choosing.url, timeout=30).status_code == 404


def test_each_link_has_a_name_of_its_own_and_asks_for_what_platforms_may_tell(
    choosing: Choosing,
) -> None:
    choosing.open()
    choosing.bring_back(choosing.choose(item="home"))
    choosing.open()
    choosing.bring_back(choosing.choose(item="home"))
    first, second = choosing.activities()
    assert first.custom["lantern_link"] != second.custom["lantern_link"]
    assert first.custom["time_zone"] == "$Person.address.timezone"
    assert first.custom["context_history"] == "$Context.id.history"


def test_what_is_there_is_offered_and_a_help_desk_only_with_one(choosing: Choosing) -> None:
    choices = _Form(choosing.open().text).choices
    assert choices == ["home", "credentials"]
    rules = {"/c/<context>/help/"}
    with choosing.campus.work() as uow:
        (context,) = people.contexts(uow)
        assert [one.key for one in offers(uow, context, rules)] == ["home", "help"]


def test_my_credentials_open_for_a_learner(choosing: Choosing) -> None:
    choosing.open()
    choosing.bring_back(choosing.choose(item="credentials"))
    (made,) = choosing.activities()
    session = browser()
    arrived = choosing.campus.launch(choosing.campus.ada, made.id, session)
    landed = session.get(choosing.campus.base_url + arrived.headers["Location"], timeout=30)
    assert urlsplit(landed.url).path == "/my/credentials"
    assert landed.status_code == 200


def make_new(choosing: Choosing, **fields: str) -> requests.Response:
    url = f"{choosing.url}/new-review"
    form = _Form(choosing.session.get(url, timeout=30).text)
    given = {"title": "Essay", "instructions": "Write.", "rubric": "clear-work", **fields}
    return choosing.session.post(url, {**form.fields, "reviews_wanted": "2", **given}, timeout=30)


def test_a_new_review_activity_is_made_on_the_way_with_its_column(choosing: Choosing) -> None:
    campus = choosing.campus
    choosing.open()
    answer = make_new(choosing, column="true", label="Essay, reviewed", points="40")
    assert choosing.bring_back(answer).status_code == 200
    (made,) = choosing.activities()
    with campus.work() as uow:
        (activity,) = reviews.activities(uow, people.contexts(uow)[0].id)
    with campus.lms.store.reading() as db:
        (column,) = queries.line_items(db, campus.course.id)
    assert made.custom["lantern_resource"] == column.resource_id == activity.handle
    assert column.score_maximum == 40
    assert urlsplit(made.url).path.endswith(f"/reviews/{activity.handle}")


def test_a_new_activity_that_lacks_something_is_not_made(choosing: Choosing) -> None:
    choosing.open()
    for wrong in ({"title": " "}, {"instructions": ""}, {"rubric": "none"}, {"points": "-1"}):
        answer = make_new(choosing, **wrong)
        assert answer.status_code in (404, 422), wrong
    with choosing.campus.work() as uow:
        assert reviews.activities(uow, people.contexts(uow)[0].id) == []
    url = f"{choosing.url}/new-review"
    form = _Form(choosing.session.get(url, timeout=30).text).fields
    given = {**form, "title": "Essay", "instructions": "Write."}
    codes = [choosing.session.post(url, given, timeout=30).status_code for _again in range(2)]
    assert codes == [200, 409]
    with choosing.campus.work() as uow:
        assert len(reviews.activities(uow, people.contexts(uow)[0].id)) == 1


EVIL = '"></form><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(1)>'


def test_titles_stay_text_in_picker_answer_and_platform(choosing: Choosing) -> None:
    choosing.open()
    answer = make_new(choosing, title=EVIL, column="true", label=EVIL)
    assert "<script>alert" not in answer.text
    assert "49" not in _Form(answer.text).fields["JWT"][:2]
    said = choosing.bring_back(answer)
    assert "<script>alert" not in said.text
    assert choosing.activities()[0].title == EVIL
    page = choosing.open()
    assert "<script>alert" not in page.text
    assert "onerror=alert(1)&gt;" in page.text


def open_with(campus: Campus, **settings: object) -> requests.Response:
    """A selection whose settings the platform changed on the way."""
    from unittest.mock import patch

    choosing = Choosing(campus, campus.tessa)
    profile = type(campus.lms.platform.profile)
    real = profile.selection_settings
    changed = lambda self, tool: {**real(self, tool), **settings}  # noqa: E731
    with patch.object(profile, "selection_settings", changed):
        page = choosing.open()
    campus.choosing = choosing  # type: ignore[attr-defined]  # for the caller
    return page


def answered(choosing: Choosing, answer: requests.Response) -> dict[str, object]:
    found: dict[str, object] = jwt.decode(
        _Form(answer.text).fields["JWT"], options={"verify_signature": False}
    )
    return {name.rsplit("/", 1)[-1]: value for name, value in found.items()}


def test_one_item_where_one_is_taken_no_column_where_none_is_and_data_goes_back(
    campus: Campus,
) -> None:
    page = open_with(campus, accept_multiple=False, accept_lineitem=False, data="opaque <&> ☃")
    assert 'type="radio"' in page.text
    assert "gradebook" not in page.text
    choosing: Choosing = campus.choosing  # type: ignore[attr-defined]
    assert choosing.choose(item=["home", "credentials"]).status_code == 422
    found = answered(choosing, choosing.choose(item="home", column="true"))
    assert found["data"] == "opaque <&> ☃"
    items = found["content_items"]
    assert isinstance(items, list)
    assert "lineItem" not in items[0]
    assert "Lantern: mentoring, help and reviews" in str(found["msg"])


def test_what_lantern_cannot_give_is_answered_with_an_error(campus: Campus) -> None:
    page = open_with(campus, accept_types=["file", "html"])
    assert "cannot give here" in page.text
    choosing: Choosing = campus.choosing  # type: ignore[attr-defined]
    found = answered(choosing, choosing.choose(cancel="yes"))
    assert found["content_items"] == []
    assert "cannot give here" in str(found["errormsg"])
    assert found["errorlog"]
    assert "msg" not in found
    assert choosing.session.get(f"{choosing.url}/new-review", timeout=30).status_code == 409


def test_a_choice_of_nothing_keeps_the_picker_open_and_says_so(choosing: Choosing) -> None:
    choosing.open()
    answer = choosing.choose()
    assert answer.status_code == 422
    assert "Choose what to add to your course." in answer.text
    assert answered(choosing, choosing.choose(cancel="yes"))["msg"] == "Nothing was added."
