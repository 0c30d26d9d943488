"""What administration's forms take."""

from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from plugin.kernel.i18n import LANGUAGES, _
from plugin.people import public as people


def _known_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("This time zone is not known."))


class Setup(Schema):
    """Organisation, first administrator, safety contact."""

    organisation = fields.String(required=True, validate=validate.Length(min=1, max=200))
    locale = fields.String(required=True, validate=validate.OneOf(sorted(LANGUAGES)))
    time_zone = fields.String(required=True, validate=_known_zone)
    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    email = fields.Email(required=True, validate=validate.Length(max=254))
    safety_email = fields.Email(validate=validate.Length(max=254))


class Invite(Schema):
    """Who is asked to do what."""

    right = fields.String(required=True, validate=validate.OneOf(people.RIGHTS))
    email = fields.Email(validate=validate.Length(max=254))
    note = fields.String(validate=validate.Length(max=200))


class Withdraw(Schema):
    """Which right is taken back from whom."""

    person = fields.String(required=True, validate=validate.Length(max=40))
    right = fields.String(required=True, validate=validate.OneOf(people.RIGHTS))
    context = fields.String(validate=validate.Length(max=40))
