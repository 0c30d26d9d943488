"""Our configuration for platforms that read one: the JSON of a Canvas developer key."""

from flask import Response, jsonify, request

from lti.addresses import addresses
from lti.platforms import FAMILIES, Offer
from lti.platforms.canvas import PRIVACY, Canvas
from lti.platforms.default import NAMES_AND_MAIL
from lti.views.blueprint import blueprint
from plugin.kernel.i18n import _
from plugin.web import door
from plugin.web.work import services


@blueprint.get("/lti/config/canvas.json")
@door.public
def canvas_json() -> Response:
    """For “Developer keys, LTI key, Enter URL”; ``?privacy_level=`` as Canvas names the levels."""
    wanted = request.args.get("privacy_level", "")
    sharing = next((own for own, level in PRIVACY.items() if level == wanted), NAMES_AND_MAIL)
    canvas = FAMILIES["canvas"]
    assert isinstance(canvas, Canvas)  # it stands in our own table
    offer = Offer(
        addresses(services().settings),
        "Lantern",
        _("Mentoring, help and peer review among people who learn together"),
        sharing,
    )
    response = jsonify(canvas.developer_key(offer))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
