"""A review activity made on the way: a teacher who adds one to a course need not go elsewhere."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from lti.models import DeepLinkingRequest
from lti.offers import Column, Offer, review_offer
from lti.views.blueprint import blueprint
from lti.views.deep_linking import asked_for, give_back, spend
from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.i18n import _, lazy, ngettext, zone
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.library import public as library
from plugin.people import public as people
from plugin.reviews import public as reviews
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load, sensible
from plugin.web.pages import page
from plugin.web.work import reading, writing

_REVIEWS = (1, 2, 3, 4)
_MOST_POINTS = 10_000


class NewReviewSchema(Schema):
    """The new activity and its column. ``due_at`` is a local time in the teacher's zone."""

    title = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"label": lazy("Title")},
    )
    instructions = fields.String(
        required=True,
        validate=validate.Length(min=1, max=20_000),
        metadata={"label": lazy("What to do")},
    )
    due_at = fields.NaiveDateTime(load_default=None, format="%Y-%m-%dT%H:%M", validate=sensible)
    reviews_wanted = fields.Integer(load_default=2, validate=validate.OneOf(_REVIEWS))
    rubric = fields.String(load_default=reviews.DEFAULT_RUBRIC, validate=validate.Length(max=100))
    column = fields.Boolean(load_default=False)
    label = fields.String(load_default="", validate=validate.Length(max=200))
    points = fields.Float(
        load_default=None,
        validate=validate.Range(min=0, min_inclusive=False, max=_MOST_POINTS),
        metadata={"label": lazy("Points")},
    )


@blueprint.get("/lti/deep-linking/<handle>/new-review")
@door.signed_in
def new_review(handle: str) -> Response:
    """The few questions of a new review activity."""
    with reading() as uow:
        asked = _asked(uow, handle)
        rubrics = _rubrics(uow)
    return _form_page(asked, rubrics, blank(reviews_wanted=2, column=asked.accept_line_items))


@blueprint.post("/lti/deep-linking/<handle>/new-review")
@door.signed_in
def make_review(handle: str) -> Response:
    """Make the activity and hand it to the platform, in one commit."""
    form = load(NewReviewSchema(), request.form)
    with writing() as uow:
        asked = _asked(uow, handle)
        rubrics = _rubrics(uow)
        if not form.ok:
            return _form_page(asked, rubrics, form, status=422)
        try:
            offer = _made(uow, asked, form.data)
        except Invalid as wrong:
            for name, text in (wrong.fields or {"_schema": wrong.message}).items():
                form.wrong(name, text)
            return _form_page(asked, rubrics, form, status=422)
        spend(uow, asked, [offer])
        uow.commit()
    return give_back(asked, [(offer, _column(asked, offer, form.data))])


def _asked(uow: UnitOfWork, handle: str) -> DeepLinkingRequest:
    asked = asked_for(uow, handle)
    if asked.context_id is None or not asked.accepts_links:
        raise Conflict(
            "nothing_to_choose",
            _("Your learning platform asks for something that Lantern cannot give here."),
        )
    return asked


def _rubrics(uow: UnitOfWork) -> list[tuple[str, str]]:
    return [
        (
            one.handle,
            ngettext(
                "%(title)s (%(n)d point)",
                "%(title)s (%(n)d points)",
                one.maximum,
                title=one.title,
            ),
        )
        for one in library.rubrics(uow)
    ]


def _made(uow: UnitOfWork, asked: DeepLinkingRequest, given: dict[str, Any]) -> Offer:
    actor = current_actor()
    assert asked.context_id is not None  # looked at by _asked
    handle = reviews.create_activity(
        uow,
        context_id=asked.context_id,
        created_by=actor.person_id,
        title=given["title"],
        instructions=given["instructions"],
        rubric=given["rubric"],
        reviews_wanted=given["reviews_wanted"],
        due_at=_in_utc(given["due_at"], actor.time_zone),
    )
    return review_offer(people.context(uow, asked.context_id), reviews.activity(uow, handle))


def _column(asked: DeepLinkingRequest, offer: Offer, given: dict[str, Any]) -> Column | None:
    """The column as the teacher wants it: a platform scales our scores to its own maximum."""
    if not (asked.accept_line_items and given["column"] and offer.column is not None):
        return None
    return Column(
        given["label"].strip() or offer.column.label,
        given["points"] or offer.column.maximum,
        offer.column.resource,
    )


def _in_utc(local: datetime | None, time_zone: str) -> datetime | None:
    return local.replace(tzinfo=zone(time_zone)).astimezone(UTC) if local else None


def _form_page(
    asked: DeepLinkingRequest, rubrics: list[tuple[str, str]], form: Form, status: int = 200
) -> Response:
    return page(
        "lti/new_review.html",
        status=status,
        asked=asked,
        form=form,
        rubrics=rubrics,
        reviews=[(n, ngettext("%(n)d review", "%(n)d reviews", n)) for n in _REVIEWS],
        time_zone=current_actor().time_zone,
    )
