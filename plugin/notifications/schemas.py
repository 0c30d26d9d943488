"""What the page of notices takes in."""

from marshmallow import Schema, fields, validate

from plugin.notifications.kinds import ALWAYS, CHANNELS, KINDS, TIMINGS


class QuietSchema(Schema):
    """Quiet hours, local."""

    begins = fields.Integer(required=True, validate=validate.Range(0, 23))
    ends = fields.Integer(required=True, validate=validate.Range(0, 23))


def choices_schema() -> Schema:
    """Return the schema of the whole page: hours and a choice for each kind and channel.

    The choices are loaded as ``kind/channel``: marshmallow makes parts of names with a dot.
    """
    names = {
        f"{kind}/{channel}": fields.String(
            data_key=f"{kind}.{channel}", validate=validate.OneOf(TIMINGS)
        )
        for kind in KINDS
        if kind not in ALWAYS
        for channel in CHANNELS
    }
    return QuietSchema.from_dict(names, name="ChoicesSchema")()  # type: ignore[arg-type]
