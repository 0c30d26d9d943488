"""Where platforms send their notices (Platform Notification Service 1.0)."""

from flask import Response, request

from lti import notices
from lti.keysets import key_sets_of
from lti.views.blueprint import blueprint
from plugin.web import door
from plugin.web.work import services


@blueprint.post(notices.PATH)
@door.csrf_exempt
@door.public
def take_notices() -> Response:
    """Each notice is signed by the platform; what does not hold is refused as a launch would be."""
    running = services()
    notices.receive(running, key_sets_of(running), request.get_json(silent=True))
    return Response(status=200)
