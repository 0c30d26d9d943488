"""What forms of credentials may send."""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate

from plugin.credentials.jsonld import signable
from plugin.credentials.models import AUTOMATIC, BY_HAND, PROPOSED
from plugin.credentials.wording import OUTCOMES, TYPES
from plugin.kernel.i18n import LANGUAGES, _, lazy

NAMED, UNNAMED = "named", "unnamed"


def plain(text: str) -> None:
    """What goes into a signed document has no control characters."""
    if not signable(text):
        raise ValidationError(_("Please use letters, spaces and punctuation only."))


class ShareSchema(Schema):
    """Opening the public page: which name it shows, and whether it links to posts."""

    show = fields.String(required=True, validate=validate.OneOf([NAMED, UNNAMED]))
    name = fields.String(
        load_default="",
        validate=[validate.Length(max=120), plain],
        metadata={"label": lazy("Name")},
    )
    links = fields.Boolean(load_default=False)
    email = fields.Boolean(load_default=False)


class LinkSchema(Schema):
    """A link for one reader: for whom, and how long."""

    label = fields.String(
        required=True,
        validate=[validate.Length(min=1, max=120), plain],
        metadata={"label": lazy("Who is it for?")},
    )
    days = fields.Integer(load_default=None, validate=validate.OneOf([7, 30, 90, 365]))


class PortfolioSchema(Schema):
    """The page of chosen credentials."""

    title = fields.String(
        required=True,
        validate=[validate.Length(min=1, max=120), plain],
        metadata={"label": lazy("Title")},
    )
    about = fields.String(load_default="", validate=[validate.Length(max=1000), plain])
    holder_name = fields.String(load_default="", validate=[validate.Length(max=120), plain])
    items = fields.List(fields.String(validate=validate.Length(max=64)), load_default=list)


def _count(most: int = 1000) -> fields.Integer:
    return fields.Integer(load_default=None, validate=validate.Range(min=1, max=most))


class AchievementSchema(Schema):
    """An achievement: its words, what it is given for, and who says yes.

    Every condition is optional; an empty one is not asked for.
    """

    name = fields.String(
        required=True,
        validate=[validate.Length(min=3, max=80), plain],
        metadata={"label": lazy("Name")},
    )
    description = fields.String(
        required=True,
        validate=[validate.Length(min=10, max=400), plain],
        metadata={"label": lazy("What can somebody do who holds it?")},
    )
    note = fields.String(load_default="", validate=[validate.Length(max=400), plain])
    kind = fields.String(load_default="Achievement", validate=validate.OneOf(list(TYPES)))
    mode = fields.String(
        load_default=AUTOMATIC, validate=validate.OneOf([AUTOMATIC, PROPOSED, BY_HAND])
    )
    colour = fields.Integer(load_default=None, validate=validate.Range(min=0, max=20))
    combine = fields.String(load_default="all", validate=validate.OneOf(["all", "any"]))
    bar = fields.String(load_default="", validate=validate.Length(max=120))
    reviews = fields.Integer(load_default=None, validate=validate.Range(min=1, max=10))
    mentor_reviews = fields.Integer(load_default=None, validate=validate.Range(min=0, max=10))
    accepted_answer = _count()
    review_given = _count()
    finished_programme = _count(100)
    mentored_pair = _count(100)
    confirmed_outcome = _count(100)
    decision = fields.String(load_default="", validate=validate.OneOf(["", "mentor", "staff"]))
    needs = fields.List(fields.String(validate=validate.Length(max=64)), load_default=list)


class TextSchema(Schema):
    """An achievement in another language."""

    locale = fields.String(required=True, validate=validate.OneOf(list(LANGUAGES)))
    name = fields.String(required=True, validate=[validate.Length(min=3, max=80), plain])
    description = fields.String(required=True, validate=[validate.Length(min=10, max=400), plain])
    note = fields.String(load_default="", validate=[validate.Length(max=400), plain])


class DeclineSchema(Schema):
    """No to a proposal; the reason stays with the people who decide."""

    reason = fields.String(load_default="", validate=[validate.Length(max=400), plain])


class GiveSchema(Schema):
    """Giving something by hand: to whom, and why."""

    who = fields.String(
        required=True, validate=validate.Length(max=200), metadata={"label": lazy("Person")}
    )
    words = fields.String(
        required=True,
        validate=[validate.Length(min=10, max=400), plain],
        metadata={"label": lazy("Reason")},
    )


class ThanksSchema(Schema):
    """A note to a mentor, and the outcomes that one confirms."""

    note = fields.String(load_default="", validate=[validate.Length(max=1000), plain])
    confirmed = fields.List(fields.String(validate=validate.OneOf(list(OUTCOMES))))


class DecisionSchema(Schema):
    """A mentor's word about somebody they mentor."""

    achievement = fields.String(required=True, validate=validate.Length(max=64))
    words = fields.String(
        required=True,
        validate=[validate.Length(min=10, max=400), plain],
        metadata={"label": lazy("What did you see?")},
    )


class VouchSchema(Schema):
    """Vouching for a credential: what one stands by, and how one appears."""

    words = fields.String(
        required=True,
        validate=[validate.Length(min=10, max=600), plain],
        metadata={"label": lazy("What do you stand by?")},
    )
    shown_name = fields.String(
        required=True,
        validate=[validate.Length(min=2, max=120), plain],
        metadata={"label": lazy("How do you appear?")},
    )


class FrameworkSchema(Schema):
    """A list of competencies: its name, where it is published, its levels, its lines."""

    name = fields.String(
        required=True,
        validate=[validate.Length(min=3, max=200), plain],
        metadata={"label": lazy("Name")},
    )
    url = fields.Url(load_default="", schemes={"http", "https"}, require_tld=False)
    levels = fields.String(load_default="", validate=[validate.Length(max=2000), plain])
    text = fields.String(load_default="", validate=validate.Length(max=500_000))


class AlignSchema(Schema):
    """A competency that an achievement speaks of: `framework:code`, and a level of the list."""

    competency = fields.String(required=True, validate=validate.Length(max=160))
    level = fields.Integer(load_default=None, validate=validate.Range(min=0, max=30))


class PathwaySchema(Schema):
    """A pathway, before it has stages."""

    name = fields.String(
        required=True,
        validate=[validate.Length(min=3, max=80), plain],
        metadata={"label": lazy("Name")},
    )
    description = fields.String(load_default="", validate=[validate.Length(max=400), plain])


class StageSchema(Schema):
    """One stage: what it is called, what is expected, which achievements make it."""

    name = fields.String(
        required=True,
        validate=[validate.Length(min=2, max=80), plain],
        metadata={"label": lazy("Name")},
    )
    expectation = fields.String(load_default="", validate=[validate.Length(max=400), plain])
    achievements = fields.List(fields.String(validate=validate.Length(max=64)), load_default=list)


class RevokeSchema(Schema):
    """Taking a credential back needs a reason: the holder and every reader will see it."""

    reason = fields.String(
        required=True,
        validate=validate.Length(min=5, max=400),
        metadata={"label": lazy("Reason")},
    )


class StatusSchema(Schema):
    """Taking back, suspending or restoring several. A restored one needs no reason."""

    action = fields.String(required=True, validate=validate.OneOf(["revoke", "suspend", "restore"]))
    who = fields.List(fields.String(validate=validate.Length(max=64)), load_default=list)
    reason = fields.String(
        load_default="",
        validate=[validate.Length(max=400), plain],
        metadata={"label": lazy("Reason")},
    )
