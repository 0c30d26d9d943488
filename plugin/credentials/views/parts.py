"""What the pages of staff share."""

from __future__ import annotations

from plugin.credentials import queries
from plugin.credentials.models import Achievement
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork

HOME = "/admin/achievements"


def the_achievement(uow: UnitOfWork, handle: str) -> Achievement:
    """The row of that handle; raises NotFound."""
    found = queries.achievement_row(uow, handle)
    if found is None:
        raise NotFound("no_such_achievement", _("There is no such achievement here."))
    return found
