"""Reading one account that Lantern knows: its present name, or that it is gone.

A narrow key cannot ask by id. Then a name that nobody has any more may be a rename that was never
told: the link stays, and calls by it are refused until a name is known again. Only where the forum
itself says that there is no such id, the person's link to it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from discourse_hooks import accounts, gone_accounts
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.connections import Forum
from plugin.kernel.telemetry import get_logger
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services

log = get_logger(__name__)


def read_user(
    api: ForumApi, services: Services, forum: Forum, remote_id: str
) -> Callable[[UnitOfWork], None]:
    """Read one account and return what follows for its identity."""
    with services.units.reading(forum.community_id) as uow:
        identity = accounts.known(uow, forum, remote_id)
    gone, name = False, None
    if identity is not None:
        try:
            name = api.username(remote_id, identity.username or "")
            gone = name is None
        except ForumRefused as refused:
            if refused.status not in {401, 403}:
                raise
            log.info("the key may not ask for an account by id", forum=forum.handle)

    def apply(uow: UnitOfWork) -> None:
        now = accounts.known(uow, forum, remote_id)
        if now is None:
            return
        if name is not None:
            accounts.remember(uow, forum, remote_id, name)
        elif gone:
            gone_accounts.forget(uow, forum, now)
            gone_accounts.forget_rows(uow, forum, int(remote_id))

    return apply
