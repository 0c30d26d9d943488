"""The parts and charts of pages: signs with words, numbers behind pictures, times in one's zone."""

from datetime import UTC, datetime

import pytest
from flask import Flask, render_template_string

from plugin.web.language import initials, moment

AT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def show(app: Flask, source: str, **context: object) -> str:
    with app.test_request_context("/"):
        app.preprocess_request()
        return render_template_string(source, **context)


def test_a_state_has_a_sign_and_a_word(app: Flask) -> None:
    text = show(app, '{{ ui.state("Ready", "good") }}')
    assert "<svg" in text
    assert "Ready" in text


def test_steps_are_words_and_say_where_we_are(app: Flask) -> None:
    text = show(app, '{{ ui.steps(["Goal", "Meeting", "End"], at=1) }}')
    assert text.count("(done)") == 1
    assert '<li aria-current="step">Meeting' in text


def test_a_time_names_its_zone_and_what_is_left(app: Flask) -> None:
    text = show(app, "{{ ui.time(at, left=true) }}", at=AT)
    assert "UTC" in text
    assert "(in 2 hours)" in text
    assert 'datetime="2026-11-20T14:00:00+00:00"' in text
    with app.test_request_context("/"):
        assert moment(AT, "Asia/Tokyo").endswith("JST")
        assert moment(None) == ""


def test_a_table_gives_every_cell_its_label(app: Flask) -> None:
    text = show(app, '{{ ui.table(["Person", "State", ""], [["<Amina>", "ready", "x"]]) }}')
    assert '<th scope="row">&lt;Amina&gt;</th>' in text
    assert '<td data-label="State">ready</td>' in text
    assert '<td class="act">x</td>' in text


def test_bars_say_it_first_and_keep_the_numbers_behind(app: Flask) -> None:
    text = show(app, '{{ charts.bars([("Week 1", 2), ("Week 2", 4, "good")], "Most in week 2.") }}')
    assert text.index("Most in week 2.") < text.index("<svg")
    assert 'width="380.0"' in text
    assert '<td class="number">4</td>' in text
    assert " style=" not in text


def test_empty_charts_do_not_fail(app: Flask) -> None:
    assert "Nothing yet" in show(app, '{{ charts.bars([], "Nothing yet.") }}')
    assert "<svg" in show(app, '{{ charts.heat(["Mon"], ["8"], [[0]], "Nobody.") }}')


def test_an_empty_page_offers_one_action(app: Flask) -> None:
    text = show(app, '{{ ui.empty("None", "Text", "Start", "/x") }}{{ ui.empty("None", "Text") }}')
    assert text.count("btn-primary") == 1


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amina Diallo", "AD"), ("Leila", "L"), ("Jörg Müller-Lüdenscheidt", "JL"), ("", "?")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_language_of_a_visitor_is_the_browsers(app: Flask) -> None:
    client = app.test_client()
    german = client.get("/sign-in", headers={"Accept-Language": "de-AT,en;q=0.5"})
    assert 'lang="de"' in german.get_data(as_text=True)
    unknown = client.get("/sign-in", headers={"Accept-Language": "tlh"})
    assert 'lang="en"' in unknown.get_data(as_text=True)
    pseudo = client.get("/sign-in?language=ar-XB").get_data(as_text=True)
    assert 'dir="rtl"' in pseudo
    assert 'lang="en"' in client.get("/sign-in").get_data(as_text=True)
