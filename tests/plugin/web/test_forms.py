"""Forms: what was typed stays, what is wrong is said in our words, labels lead to the fields."""

import pytest
from flask import Flask, render_template_string
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from plugin.kernel.i18n import use_locale
from plugin.web.forms import blank, load


class Join(Schema):
    title = fields.String(required=True, validate=validate.Length(min=1, max=10))
    minutes = fields.Integer(validate=validate.Range(min=15, max=300))
    email = fields.Email()
    role = fields.String(validate=validate.OneOf(["learn", "offer"]))
    when = fields.List(fields.String())
    agree = fields.Boolean()


def test_good_answers_become_values() -> None:
    form = load(
        Join(),
        MultiDict(
            [
                ("title", " Statistics "),
                ("minutes", "60"),
                ("when", "0-8"),
                ("when", "1-10"),
                ("agree", "true"),
                ("csrf_token", "x"),
                ("email", ""),
            ]
        ),
    )
    assert form.ok
    assert form.data == {
        "title": "Statistics",
        "minutes": 60,
        "when": ["0-8", "1-10"],
        "agree": True,
    }
    assert form.chose("when", "1-10")
    assert not form.chose("when", "2-10")
    assert form.chose("agree", "true")


@pytest.mark.parametrize(
    ("sent", "name", "words"),
    [
        ({}, "title", "Please answer this."),
        ({"title": "  "}, "title", "Please answer this."),
        ({"title": "x" * 11}, "title", "From 1 to 10 characters."),
        ({"title": "x", "minutes": "5"}, "minutes", "From 15 to 300."),
        ({"title": "x", "minutes": "many"}, "minutes", "Please write a number."),
        ({"title": "x", "email": "me"}, "email", "This does not look like an e-mail address."),
        ({"title": "x", "role": "spy"}, "role", "Choose one of the answers."),
        ({"title": "x", "extra": "1"}, "extra", "This form does not ask that"),
    ],
)
def test_wrong_answers_are_told_in_our_words(sent: dict[str, str], name: str, words: str) -> None:
    form = load(Join(), MultiDict(sent))
    assert not form.ok
    assert form.errors[name][0].startswith(words)
    assert form.value("title") == sent.get("title", "")


def test_summary_links_to_the_fields_by_their_labels(app: Flask) -> None:
    source = (
        '{% import "web/forms.html" as forms with context %}'
        "{% call forms.post(form) %}{{ forms.field(form, 'title', _('Title'), hint='Short.') }}"
        "{{ forms.hours(form, 'when', _('When?')) }}{{ forms.submit(_('Save')) }}{% endcall %}"
    )
    form = load(Join(), MultiDict({"when": "0-8"}))
    with app.test_request_context("/"):
        text = render_template_string(source, form=form)
    assert '<a href="#title">Title: Please answer this.</a>' in text
    assert 'aria-describedby="title-hint title-wrong1" aria-invalid="true"' in text
    assert text.index("Title: Please answer") < text.index('id="title"')
    assert 'value="0-8" aria-label="Monday 8–10" checked' in text
    assert text.count('type="checkbox"') == 7 * 8


def test_what_people_type_is_escaped(app: Flask) -> None:
    source = (
        '{% import "web/forms.html" as forms with context %}'
        "{{ forms.field(form, 'title', _('Title')) }}{{ forms.textarea(form, 'text', 'T') }}"
        "{{ _('Hello %(name)s', name=form.value('title')) }}"
    )
    with app.test_request_context("/"):
        text = render_template_string(source, form=blank(title="<b>&", text="</textarea><script>"))
    assert "<b>" not in text
    assert "<script>" not in text
    assert "Hello &lt;b&gt;&amp;" in text


def test_sentences_are_translated(app: Flask) -> None:
    with use_locale("ar-XB"):
        assert load(Join(), MultiDict()).errors["title"][0].startswith("⟦")
