"""The items of a deep linking answer: what of an offer the platform keeps and sends back to us.

Each link gets a token of its own. Platforms copy custom parameters with an activity, so a token
that comes with a second resource link says that this one is a copy (``copies.py``).
"""

from typing import Any

from lti._pylti import link_item
from lti.claim_schemas import HISTORY_PARAMETER
from lti.claims import TIME_ZONE_PARAMETERS
from lti.offers import Column, Offer
from plugin.kernel.ids import new_handle
from plugin.kernel.services import Services
from plugin.kernel.urls import absolute

ITEM_PARAMETER = "lantern_item"
RESOURCE_PARAMETER = "lantern_resource"
TOKEN_PARAMETER = "lantern_link"  # noqa: S105  # the name of a parameter


def item_of(services: Services, offer: Offer, column: Column | None) -> dict[str, Any]:
    """A link of this offer, with a gradebook column where one is given.

    The variables are asked for with each link too: a tool registered by hand may lack them.
    """
    custom = {
        ITEM_PARAMETER: offer.key,
        TOKEN_PARAMETER: new_handle(),
        TIME_ZONE_PARAMETERS[0]: "$Person.address.timezone",
        HISTORY_PARAMETER: "$Context.id.history",
    }
    if offer.column is not None:
        custom[RESOURCE_PARAMETER] = offer.column.resource
    return link_item(
        title=offer.title,
        text=offer.text,
        url=absolute(services.settings, offer.path),
        custom=custom,
        line_item=(column.label, column.maximum, column.resource) if column else None,
    )
