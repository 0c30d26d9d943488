"""What the forms of the forum pages take."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate


class ConnectForum(Schema):
    """What an administrator enters to connect a forum."""

    base_url = fields.String(required=True, validate=validate.Length(max=300))
    title = fields.String(validate=validate.Length(max=200))
    api_username = fields.String(required=True, validate=validate.Length(max=100))
    api_key = fields.String(required=True, validate=validate.Length(max=200))
    webhook_secret = fields.String(required=True, validate=validate.Length(min=12, max=200))
    connect_secret = fields.String(required=True, validate=validate.Length(min=12, max=200))


class CodeRequest(Schema):
    """Whose account it is said to be; empty: the one with the confirmed address."""

    username = fields.String(load_default="", validate=validate.Length(max=60))


class CodeTyped(Schema):
    """The digits of the private message; spaces do not matter."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=40))

    @post_load
    def _digits(self, data: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
        return {"code": "".join(sign for sign in data["code"] if sign.isdigit())}


class KeyPasted(Schema):
    """What the forum showed."""

    payload = fields.String(required=True, validate=validate.Length(min=1, max=6000))


class StartPilot(Schema):
    """Where a pilot takes place: the address of a category, or its number."""

    category = fields.String(required=True, validate=validate.Length(min=1, max=300))


class ChangeSecret(Schema):
    """A further webhook secret."""

    webhook_secret = fields.String(required=True, validate=validate.Length(min=12, max=200))
