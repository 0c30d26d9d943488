"""Our public keys, for platforms to check what we sign (RFC 7517)."""

from flask import Response, jsonify

from lti import keys
from lti.views.blueprint import blueprint
from plugin.web import door
from plugin.web.work import services


@blueprint.get("/lti/jwks")
@door.public
def jwks() -> Response:
    """The key set. Cached for less than the hour that a new key rests before it signs."""
    response = jsonify(keys.public_key_set(services()))
    response.headers["Cache-Control"] = "public, max-age=900"
    return response
