"""What the profile forms take."""

from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate

from plugin.kernel.i18n import LANGUAGES, _
from plugin.workload.public import DEFAULT_MINUTES_PER_WEEK

MOST_MINUTES = 40 * 60
MINUTES = (30, 60, DEFAULT_MINUTES_PER_WEEK, 120, 180, 240, 360)


def _known_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("This time zone is not known."))


class Profile(Schema):
    """Name, language and time zone."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    locale = fields.String(required=True, validate=validate.OneOf(sorted(LANGUAGES)))
    time_zone = fields.String(required=True, validate=_known_zone)


class Zone(Schema):
    """The zone of this device, or the one that was there; ``next`` is the page that asked."""

    time_zone = fields.String(required=True, validate=_known_zone)
    next = fields.String(load_default="/")


class Address(Schema):
    """An address to be confirmed by a mailed code."""

    email = fields.Email(required=True, validate=validate.Length(max=254))


class YourTime(Schema):
    """Minutes a week over everything: pairs, groups, reviews, help."""

    minutes = fields.Integer(required=True, validate=validate.Range(min=0, max=MOST_MINUTES))
