"""Deep Linking 2.0: the answer to a teacher's request, signed by us.

``iss`` is our client id and ``aud`` the issuer. The opaque ``data`` of the request goes back as it
came. An empty list is a choice that was cancelled or could not be made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lti import keys
from lti.claim_schemas import DL, LTI
from lti.registrations import DeploymentView
from plugin.kernel.ids import new_secret
from plugin.kernel.services import Services

_LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class Reply:
    """What the request asked to have back, and a sentence for the teacher.

    ``error_log`` is for whoever looks after the platform (Deep Linking 2.0, 3.3).
    """

    data: str | None
    message: str = ""
    error: str = ""
    error_log: str = ""


def response(
    services: Services, deployment: DeploymentView, items: Sequence[dict[str, Any]], reply: Reply
) -> str:
    """The signed message for the form field ``JWT``."""
    now = services.clock.now()
    registration = deployment.registration
    claims: dict[str, Any] = {
        "iss": registration.client_id,
        "aud": [registration.issuer],
        "iat": int(now.timestamp()),
        "exp": int((now + _LIFE).timestamp()),
        "nonce": new_secret(),
        LTI + "deployment_id": deployment.deployment_id,
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        DL + "content_items": list(items),
    }
    if reply.data is not None:
        claims[DL + "data"] = reply.data
    for claim, text in (
        ("msg", reply.message),
        ("errormsg", reply.error),
        ("errorlog", reply.error_log),
    ):
        if text:
            claims[DL + claim] = text
    return keys.signing_key(services).sign(claims)
