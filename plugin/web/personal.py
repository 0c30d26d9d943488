"""The links in every page's foot that lead to a person's own pages.

Found by their addresses among those that the application answers, because the packages that show
them stand above this floor.
"""

from flask import current_app, g

from plugin.kernel.i18n import _
from plugin.web.actor import visitor


def own_links() -> list[tuple[str, str]]:
    """Return (address, words) of the personal pages that are there."""
    known = (
        ("/profile", _("My profile")),
        ("/your-time", _("Your time")),
        ("/my/credentials", _("My credentials")),
        ("/notices", _("Notices")),
    )
    answered = {rule.rule for rule in current_app.url_map.iter_rules()}
    home = f"/c/{g.context.handle}/" if g.get("context") else "/"
    links = [(home, _("Home"))]
    links += [(url, words) for url, words in known if url in answered]
    here = visitor()
    if here is not None and here.actor.administers():
        links.append(("/admin/", _("Administration")))
    return links
