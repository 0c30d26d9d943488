"""What the pages take in."""

from marshmallow import Schema, fields, validate


class WelcomeSchema(Schema):
    """How newcomers of a place are welcomed."""

    on = fields.String(load_default="", validate=validate.OneOf(["", "yes"]))
    within_hours = fields.Integer(required=True, validate=validate.Range(1, 336))
    most_each = fields.Integer(required=True, validate=validate.Range(1, 20))
    task = fields.String(load_default="", validate=validate.Length(max=300))
    groups = fields.String(load_default="", validate=validate.OneOf(["", "yes"]))
    facilitator = fields.String(load_default="", validate=validate.Length(max=40))
    call_every_days = fields.Integer(required=True, validate=validate.Range(7, 365))


class NameSchema(Schema):
    """Which contact a coordinator names."""

    contact = fields.String(required=True, validate=validate.Length(min=1, max=40))
