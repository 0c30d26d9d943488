"""What the forms of mentoring accept (marshmallow; the sentences of errors are made by web)."""

from marshmallow import Schema, fields, validate

from plugin.mentoring.matching import Aim
from plugin.mentoring.services.join import GOALS
from plugin.mentoring.services.start import MINUTES
from plugin.web.forms import sensible

MOST = 100_000


class StartForm(Schema):
    """About the programme, and the numbers for the forecast."""

    title = fields.String(required=True, validate=validate.Length(min=1, max=120))
    purpose = fields.String(required=True, validate=validate.Length(min=1, max=2000))
    scope = fields.String(required=True, validate=validate.Length(min=1, max=2000))
    outcome = fields.String(required=True, validate=validate.Length(min=1, max=2000))
    safety_contact = fields.String(load_default="")
    ends_on = fields.Date(load_default=None, validate=sensible)
    minutes_per_week = fields.Integer(required=True, validate=validate.OneOf(MINUTES))
    learners = fields.Integer(required=True, validate=validate.Range(0, MOST))
    mentors = fields.Integer(required=True, validate=validate.Range(0, MOST))
    mentor_minutes = fields.Integer(required=True, validate=validate.Range(0, 10_080))
    step = fields.String(load_default="start", validate=validate.OneOf(("forecast", "start")))


class JoinForm(Schema):
    """The four answers; what is only asked from one side may be empty."""

    side = fields.String(required=True, validate=validate.OneOf(("learn", "offer")))
    skills = fields.String(load_default="", validate=validate.Length(max=400))
    when = fields.List(fields.String(validate=validate.Length(max=5)), load_default=list)
    time_zone = fields.String(required=True, validate=validate.Length(max=64))
    minutes_per_week = fields.Integer(load_default=None, validate=validate.Range(0, 2400))
    languages = fields.List(fields.String(validate=validate.Length(max=8)), load_default=list)
    sentence = fields.String(load_default="", validate=validate.Length(max=280))
    goals = fields.List(fields.String(validate=validate.OneOf(GOALS)), load_default=list)
    stage = fields.Integer(load_default=None, validate=validate.Range(0, 4))


class PlaceForm(Schema):
    """The name of a place without course and forum."""

    place = fields.String(required=True, validate=validate.Length(min=1, max=120))


class InviteForm(Schema):
    """Addresses, one a line or separated by commas."""

    addresses = fields.String(required=True, validate=validate.Length(min=3, max=8000))


class ContactForm(Schema):
    """Whom people turn to, by the person's handle."""

    person = fields.String(required=True, validate=validate.Length(max=40))


class RunForm(Schema):
    """What the matching shall be best at."""

    aim = fields.Enum(Aim, by_value=True, load_default=Aim.TOTAL)


class EditForm(Schema):
    """A learner and their mentor, by their participations' handles; no mentor is an answer."""

    mentee = fields.String(required=True, validate=validate.Length(max=40))
    mentor = fields.String(load_default="", validate=validate.Length(max=40))


class AnswerForm(Schema):
    """Yes or no to an introduction; or the end of a pair."""

    answer = fields.String(required=True, validate=validate.OneOf(("accept", "decline", "end")))


class GoalForm(Schema):
    """A goal and how both will see that it is reached."""

    text = fields.String(required=True, validate=validate.Length(min=1, max=400))
    evidence = fields.String(load_default="", validate=validate.Length(max=400))
    due_on = fields.Date(load_default=None, validate=sensible)


class PromiseForm(Schema):
    """One thing to do until the next meeting."""

    promise = fields.String(required=True, validate=validate.Length(min=1, max=280))


class MeetingForm(Schema):
    """A time on the proposer's clock."""

    starts = fields.NaiveDateTime(required=True, format="iso", validate=sensible)
    time_zone = fields.String(required=True, validate=validate.Length(max=64))
    minutes = fields.Integer(required=True, validate=validate.Range(5, 240))
    place = fields.String(load_default="", validate=validate.Length(max=300))


class MeetingAnswerForm(Schema):
    """Yes to a proposed time, or calling it off."""

    answer = fields.String(required=True, validate=validate.OneOf(("agree", "cancel")))
