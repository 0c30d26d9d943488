"""One read of a topic serves all: contributions, signs of life, requests.

The topic as the API shows it decides; events only say which topic. So any order, repetition or
loss of events ends in the same state once the topic has been read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from discourse_hooks import contributions, newness, requests, signs, touched
from discourse_hooks.client import ForumApi
from discourse_hooks.connections import Forum
from discourse_hooks.touched import Touch
from plugin.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from plugin.kernel.services import Services


def read_topic(
    api: ForumApi, services: Services, forum: Forum, remote_id: str
) -> Callable[[UnitOfWork], None]:
    """Read one topic, and of those who may be new when they joined; return what follows."""
    topic = api.topic(int(remote_id))
    shown = topic if topic is not None and topic.public else None
    found = newness.Newness() if shown is None else newness.look_up(api, services, forum, shown)

    def apply(uow: UnitOfWork) -> None:
        accounts = newness.keep(uow, forum, found)
        contributions.settle(uow, forum, remote_id, shown, found)
        if shown is not None:
            signs.tell(uow, forum, shown, found, accounts)
            newness.forget_likes(uow, forum, shown.id, found.likes)
        requests.settle(uow, forum, int(remote_id), shown)
        if found.left_over:
            touched.mark(uow, forum.id, (Touch("topic", remote_id),))

    return apply
