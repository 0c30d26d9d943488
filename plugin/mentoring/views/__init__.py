"""Pages of mentoring: `/c/<context>/mentoring/...`, and `/mentoring/` over all of them."""

from plugin.mentoring.views import joining, matchings, pairs, programmes, staff
from plugin.mentoring.views.base import blueprint
from plugin.mentoring.views.places import places_blueprint

blueprints = (blueprint, places_blueprint)

__all__ = ["blueprints", "joining", "matchings", "pairs", "programmes", "staff"]
