"""What the forms of peer review may send."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields, validate

from plugin.kernel.i18n import lazy, zone
from plugin.reviews.models import Anonymity
from plugin.reviews.rubrics import Rubric
from plugin.reviews.services.answer_review import ANSWER_MOST
from plugin.reviews.services.create_activity import DEFAULT_RUBRIC, MOST_MINUTES, MOST_REVIEWS
from plugin.reviews.services.write_review import EVIDENCE_MOST, Rating, Written
from plugin.reviews.work import LINK_LIMIT, TEXT_LIMIT
from plugin.web.forms import sensible

REVIEWS_OFFERED = (1, 2, 3, 4)


class ActivitySchema(Schema):
    """A new activity. ``due_at`` is a local time; :func:`due_in_utc` knows whose."""

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
    rubric = fields.String(load_default=DEFAULT_RUBRIC, validate=validate.Length(max=100))
    reviews_wanted = fields.Integer(
        load_default=2, validate=validate.Range(min=1, max=MOST_REVIEWS)
    )
    minutes_each = fields.Integer(load_default=20, validate=validate.Range(min=5, max=MOST_MINUTES))
    due_at = fields.NaiveDateTime(load_default=None, format="%Y-%m-%dT%H:%M", validate=sensible)
    anonymity = fields.String(
        load_default=Anonymity.DOUBLE.value,
        validate=validate.OneOf([one.value for one in Anonymity]),
    )
    score_to_gradebook = fields.Boolean(load_default=False)
    action = fields.String(load_default="create", validate=validate.OneOf(["create", "cost"]))


class WorkSchema(Schema):
    """Work in one of three forms; the file comes beside the form."""

    text = fields.String(load_default="", validate=validate.Length(max=TEXT_LIMIT))
    link = fields.String(load_default="", validate=validate.Length(max=LINK_LIMIT))


class AnswerSchema(Schema):
    """The author's answer to a review."""

    text = fields.String(
        required=True,
        validate=validate.Length(min=1, max=ANSWER_MOST),
        metadata={"label": lazy("Your answer")},
    )


class SwitchSchema(Schema):
    """The gradebook switch."""

    on = fields.Boolean(load_default=False)


class OpenSchema(Schema):
    """Whether an activity takes work."""

    is_open = fields.Boolean(load_default=False)


def review_schema(rubric: Rubric) -> Schema:
    """Return the schema of a review by this rubric: nothing is required while it is a draft."""
    parts: dict[str, Any] = {
        "comment": fields.String(load_default="", validate=validate.Length(max=EVIDENCE_MOST)),
        "action": fields.String(load_default="save", validate=validate.OneOf(["save", "send"])),
    }
    for criterion in rubric.criteria:
        parts[f"level_{criterion.key}"] = fields.Integer(
            load_default=None,
            validate=validate.OneOf([level.level for level in criterion.levels]),
            metadata={"label": criterion.title},
        )
        parts[f"evidence_{criterion.key}"] = fields.String(
            load_default="",
            validate=validate.Length(max=EVIDENCE_MOST),
            metadata={"label": criterion.title},
        )
    return Schema.from_dict(parts)()


def written(rubric: Rubric, data: dict[str, Any]) -> Written:
    """Return the review that checked form data mean."""
    return Written(
        ratings={
            criterion.key: Rating(data[f"level_{criterion.key}"], data[f"evidence_{criterion.key}"])
            for criterion in rubric.criteria
        },
        comment=data["comment"],
    )


def due_in_utc(local: datetime | None, time_zone: str) -> datetime | None:
    """Read a local time of a form in the zone of whoever typed it."""
    return local.replace(tzinfo=zone(time_zone)).astimezone(UTC) if local else None
