"""Where the login's cookie does not come back, the platform's storage proves the browser.

In a Chromium without third-party cookies; the practice Canvas keeps data for tools.
"""

from typing import TYPE_CHECKING

import pytest
import requests

from lti.models import LoginState
from plugin.kernel.ids import hash_secret
from plugin.practice.lms import seed
from plugin.practice.lms.visitor import PostedForm
from tests.lti.conftest import Campus, browser
from tests.lti.frames import become, drop_cookies_in_frames, lantern, without_cookies

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.parametrize("profile", ["canvas"], indirect=True)
SILENT = "window.practiceAnswer = () => null"
TAB = "Open in a new tab"


def test_storage_lets_in_where_the_logins_cookie_is_lost(campus: Campus, page: "Page") -> None:
    drop_cookies_in_frames(campus.app, "lantern-lti")
    become(page, "Ada")
    page.get_by_role("link", name="Mentoring").click()
    frame = lantern(page, campus, "/c/")
    assert "Biology" in frame.content()
    frame.goto(frame.url)
    assert "Biology" in frame.content()


def test_a_browser_that_keeps_cookies_is_not_kept_waiting(campus: Campus, page: "Page") -> None:
    become(page, "Ada")
    page.get_by_role("link", name="Mentoring").click()
    lantern(page, campus, "/c/")
    page.add_init_script(
        "window.addEventListener('message', e => { window.heard = "
        "(window.heard || '') + JSON.stringify(e.data); }, true)"
    )
    page.reload()
    lantern(page, campus, "/c/")
    _until(page, "(window.heard || '').includes('frameResize')")
    heard = "".join(frame.evaluate("window.heard || ''") for frame in page.frames)
    assert "frameResize" in heard
    assert "put_data" not in heard


@pytest.mark.parametrize(
    "answers",
    [
        SILENT,
        # a wrong message id
        "const real = window.practiceAnswer; window.practiceAnswer = (data, origin) =>"
        " ({...real(data, origin), message_id: 'guessed'})",
        # a wrong subject
        "const real = window.practiceAnswer; window.practiceAnswer = (data, origin) =>"
        " ({...real(data, origin), subject: 'lti.capabilities.response'})",
        # an error
        "const real = window.practiceAnswer; window.practiceAnswer = (data, origin) =>"
        " ({...real(data, origin), error: {code: 'storage_exhaustion'}})",
    ],
)
def test_where_storage_says_nothing_usable_a_new_tab_leads_in(
    campus: Campus, page: "Page", answers: str
) -> None:
    drop_cookies_in_frames(campus.app)
    become(page, "Ada")
    page.get_by_role("link", name="Mentoring").click(no_wait_after=True)
    page.wait_for_url("**/activity/*")
    page.evaluate(answers)
    page.locator("iframe.tool").evaluate("frame => { frame.src = frame.src; }")
    frame = lantern(page, campus, "/lti/launch")
    frame.get_by_text("You come in as Ada.").wait_for()
    assert frame.url == f"{campus.base_url}/lti/launch"  # and not proved by that answer
    with page.expect_popup() as opened:
        frame.get_by_role("button", name=TAB).click()
    opened.value.wait_for_url(f"{campus.base_url}/c/**")


def test_an_answer_from_another_origin_is_not_heard(campus: Campus, page: "Page") -> None:
    """Even one that knows the message id: here the platform's page tells it to a foreign frame."""
    page.route(
        "http://evil.test/",
        lambda route: route.fulfill(
            content_type="text/html",
            body="""<script>addEventListener("message", function (event) {
              var told = event.data, asked = told.message;
              window.parent.frames[told.frame].postMessage({ subject: asked.subject + ".response",
                message_id: asked.message_id, key: asked.key, value: "planted" }, "*"); });
              </script>""",
        ),
    )
    drop_cookies_in_frames(campus.app)
    become(page, "Ada")
    page.get_by_role("link", name="Mentoring").click()
    without_cookies(page, campus)  # the platform's own script is there, ours comes after it
    page.evaluate(
        """() => { const evil = document.createElement("iframe"); evil.src = "http://evil.test/";
        evil.name = "evil"; document.body.append(evil); window.heardFor = 0;
        const tool = [...document.querySelectorAll("iframe")].findIndex(f => f.className == "tool");
        window.practiceAnswer = (data) => { window.heardFor += 1;
          window.frames.evil.postMessage({ message: data, frame: tool }, "*"); return null; }; }"""
    )
    page.frame_locator("iframe[name=evil]").locator("script").wait_for(state="attached")
    page.locator("iframe.tool").evaluate("frame => { frame.src = frame.src; }")
    _until(page, "window.heardFor >= 2")  # the page that stood there before asked nobody
    frame = lantern(page, campus, "/lti/launch")
    frame.get_by_role("button", name=TAB).wait_for()


def _until(page: "Page", true: str) -> None:
    """Wait for what the platform's page knows; its rules allow no function made of text."""
    for _turn in range(400):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {true}")


class Proving:
    """The two requests of a launch without cookies, and the page that asks the storage."""

    def __init__(self, campus: Campus, origin: str | None = None) -> None:
        self.campus = campus
        activity = seed.add_activity(
            campus.lms.store, campus.course.id, campus.tool.id, title="Mentoring"
        )
        visitor = campus.visitor(campus.ada)
        login = visitor.open_activity(activity.id)
        page = browser().post(login.action, login.fields, timeout=30)
        assert page.status_code == 200
        facts = _facts(page.text)
        self.secret, self.state = facts["value"], facts["key"].removeprefix("lti_state_")
        self.form = visitor.follow(facts["next"])
        sender = {"Origin": origin or campus.lms.base_url}
        self.page = browser().post(
            self.form.action, self.form.fields, headers=sender, timeout=30, allow_redirects=False
        )
        self.code = _hidden(self.page.text).get("code", "")

    def post(
        self,
        changes: dict[str, str] | None = None,
        *,
        session: requests.Session | None = None,
        origin: str = "",
    ) -> requests.Response:
        fields = {"state": self.state, "code": self.code, "proof": self.secret, **(changes or {})}
        return (session or browser()).post(
            f"{self.campus.base_url}/lti/launch/stored",
            fields,
            headers={"Origin": origin or self.campus.base_url},
            timeout=30,
            allow_redirects=False,
        )


def _facts(page: str) -> dict[str, str]:
    import html
    import re

    found = re.findall(r'data-(target|origin|key|value|next)="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def _hidden(page: str) -> dict[str, str]:
    import re

    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def test_the_secret_lets_in_once(campus: Campus) -> None:
    proving, session = Proving(campus), browser()
    first = proving.post(session=session)
    assert first.status_code == 303
    home = session.get(campus.base_url + first.headers["Location"], timeout=30)
    assert "Biology" in home.text
    assert proving.post().status_code == 409


def test_another_secret_state_or_code_lets_nobody_in(campus: Campus) -> None:
    mine, other = Proving(campus), Proving(campus)
    for wrong in (
        {"proof": ""},
        {"proof": "x" * 43},
        {"proof": other.secret},
        {"state": other.state},
        {"code": other.code},
        {"state": other.state, "proof": other.secret},
        {"state": "unknown"},
    ):
        answer = mine.post(wrong)
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (403, None), wrong
    assert mine.post().status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "the platform"])
def test_only_our_own_page_may_bring_the_secret(campus: Campus, origin: str) -> None:
    sender = campus.lms.base_url if origin == "the platform" else origin
    assert Proving(campus).post(origin=sender).status_code == 403


def test_a_launch_posted_from_elsewhere_offers_no_tab(campus: Campus) -> None:
    """Login CSRF: an attacker's own launch, posted from their page in the victim's browser."""
    page = Proving(campus, origin="https://evil.example").page
    assert page.status_code == 200
    assert TAB not in page.text
    assert "Set-Cookie" not in page.headers
    assert "cannot tell that it is you" in page.text


def test_hashes_alone_are_kept(campus: Campus) -> None:
    proving = Proving(campus)
    with campus.services.units.system_reading() as uow:
        row = uow.session.get_one(LoginState, hash_secret(proving.state))
    assert row.storage_hash == hash_secret(proving.secret)
    assert row.arrival_hash == hash_secret(proving.code)


@pytest.mark.parametrize("target", ["a b", "x" * 65, "<script>", "../x"])
def test_a_target_that_is_no_frames_name_counts_as_none(campus: Campus, target: str) -> None:
    activity = seed.add_activity(campus.lms.store, campus.course.id, campus.tool.id, title="M")
    login = campus.visitor(campus.ada).open_activity(activity.id)
    fields = {**login.fields, "lti_storage_target": target}
    answer = browser().post(login.action, fields, allow_redirects=False, timeout=30)
    assert answer.status_code == 302


def test_the_page_may_stand_in_the_frame_of_a_host_that_no_registration_names(
    campus: Campus,
) -> None:
    activity = seed.add_activity(campus.lms.store, campus.course.id, campus.tool.id, title="M")
    login = campus.visitor(campus.ada).open_activity(activity.id)
    school = {"Origin": "https://school.example"}
    answer = browser().post(login.action, login.fields, headers=school, timeout=30)
    ancestors = answer.headers["Content-Security-Policy"].split("frame-ancestors")[1]
    assert "https://school.example" in ancestors
    wild = browser().post(login.action, login.fields, headers={"Origin": "null"}, timeout=30)
    assert wild.status_code == 200
    assert "null" not in wild.headers["Content-Security-Policy"]


def test_the_form_goes_on_without_script(campus: Campus) -> None:
    activity = seed.add_activity(campus.lms.store, campus.course.id, campus.tool.id, title="M")
    answer = campus.launch(campus.ada, activity.id)
    assert answer.status_code == 303
    assert isinstance(campus.visitor(campus.ada).open_activity(activity.id), PostedForm)
