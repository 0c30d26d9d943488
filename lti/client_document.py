"""What we ask a platform to register (Dynamic Registration 1.0, 3.4; OpenID Connect 1.0). Pure."""

from collections.abc import Sequence
from typing import Any

from lti.advantage import ags, nrps
from lti.platforms import Default, Offer

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
SCOPES = (
    ags.LINE_ITEM_SCOPE,
    ags.LINE_ITEM_READ_SCOPE,
    ags.RESULT_SCOPE,
    ags.SCORE_SCOPE,
    nrps.SCOPE,
)


def client_document(
    platform: Default, offer: Offer, scopes_supported: Sequence[str] = ()
) -> dict[str, Any]:
    """The registration request. Scopes that a platform says it has not are not asked for."""
    at = offer.addresses
    scopes = [one for one in SCOPES if not scopes_supported or one in scopes_supported]
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": at.login,
        "redirect_uris": [at.launch],
        "client_name": offer.title,
        "jwks_uri": at.keys,
        "logo_uri": at.icon,
        "policy_uri": at.policy,
        "tos_uri": at.terms,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scopes),
        TOOL: {
            "domain": at.domain,
            "target_link_uri": at.launch,
            "description": offer.about,
            "claims": list(offer.claims),
            "custom_parameters": dict(platform.custom),
            "messages": platform.messages(offer),
            **platform.more(offer),
        },
    }
