"""How robots read pages and fill forms: like a person, who can only answer what is asked."""

import pytest

from plugin.practice.demo.forms import Answer, NotOnThePage, Page, read_page

HTML = """<!doctype html><html><head><title>Join · Lantern</title><style>p{}</style></head><body>
<p>Hello <b>you</b></p><a href="/c/x/mentoring/">Mentoring</a>
<form method="post" action="/join"><input type="hidden" name="csrf_token" value="abc">
<label><input type="radio" name="side" value="learn"> learn</label>
<label><input type="radio" name="side" value="offer" checked> offer</label>
<input type="checkbox" name="when" value="0-8"><input type="checkbox" name="when" value="0-18">
<input type="checkbox" name="agreed">
<select name="zone"><option value="UTC">UTC</option>
<option value="Asia/Tokyo">Tokyo</option></select>
<input name="title" value="Old &amp; new"><textarea name="text">
first line
second</textarea><input type="file" name="file">
<button type="submit" name="step" value="start">Start</button>
<button type="submit" name="step" value="look">Look</button></form>
<form method="post" action="/sign-out"><button type="submit">Out</button></form>
</body></html>"""


@pytest.fixture
def page() -> Page:
    return read_page("http://localhost/join", 200, HTML)


def test_a_page_has_words_links_and_a_title(page: Page) -> None:
    assert page.title == "Join · Lantern"
    assert page.text.startswith("Hello you Mentoring")
    assert page.link("/mentoring/") == "/c/x/mentoring/"


def test_first_answers_are_sent_as_a_browser_would(page: Page) -> None:
    assert page.form(field="side").filled({}) == [
        ("csrf_token", "abc"),
        ("side", "offer"),
        ("zone", "UTC"),
        ("title", "Old & new"),
        ("text", "first line\nsecond"),
        ("step", "start"),
    ]


def test_answers_take_the_place_of_the_first_ones(page: Page) -> None:
    answers: dict[str, Answer] = {"side": "learn", "when": ["0-8", "0-18"], "agreed": True}
    sent = page.form(action="/join").filled(answers, ("step", "look"))
    assert ("side", "learn") in sent
    assert [value for name, value in sent if name == "when"] == ["0-8", "0-18"]
    assert ("agreed", "on") in sent
    assert sent[-1] == ("step", "look")


@pytest.mark.parametrize(
    "answers", [{"colour": "red"}, {"side": "watch"}, {"zone": "Mars/Olympus"}, {"when": ["9-9"]}]
)
def test_what_is_not_asked_or_offered_cannot_be_answered(
    page: Page, answers: dict[str, str]
) -> None:
    with pytest.raises(NotOnThePage):
        page.form(field="side").filled(answers)


def test_a_missing_form_link_or_button_is_said_with_the_page(page: Page) -> None:
    with pytest.raises(NotOnThePage, match="Join"):
        page.form(action="/publish")
    with pytest.raises(NotOnThePage, match="Join"):
        page.link("/nowhere")
    with pytest.raises(NotOnThePage, match="button"):
        page.form(field="side").filled({}, ("step", "never"))
    assert not page.has_form(field="colour")
