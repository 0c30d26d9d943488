"""Two workers with notices for one reader: each notice in one mail, each mail sent once."""

import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from plugin.kernel.dispatch import Dispatcher, deliver, drain
from plugin.kernel.outbox import Delivery
from plugin.kernel.services import Services, build_services
from plugin.notifications.models import Notice, NoticeState
from plugin.notifications.subscribers import SUBSCRIPTIONS, _begin
from plugin.people import public as people
from plugin.settings import Settings
from tests.plugin.notifications.test_notices import tell
from tests.support.clock import FixedClock


class Post:
    """A mail server; ``meanwhile`` happens while it takes the first mail."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def send(self, message: EmailMessage) -> None:
        self.sent.append(message)
        if len(self.sent) == 1:
            self.meanwhile()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def both(database_url: str, tmp_path: Path, post: Post) -> Iterator[Services]:
    settings = Settings(data_folder=tmp_path, database_url=database_url, practice=True)
    dispatcher = Dispatcher(subscriptions=SUBSCRIPTIONS)
    made = build_services(settings, dispatcher, clock=FixedClock(), mailer=post)
    yield made
    made.units.engine.dispose()


@pytest.fixture
def town(both: Services) -> people.Community:
    with both.units.system() as uow:
        made = people.found_community(uow, "Both Banks")
        uow.commit()
    return made


@pytest.fixture
def notices(both: Services, town: people.Community) -> list[UUID]:
    """Two that are due for the same reader."""
    with both.units.community(town.id) as uow:
        ada = people.admit_by_email(uow, "ada@example.org", display_name="Ada")
        uow.commit()
    for key in ("k1", "k2"):
        assert tell(both, town, ada.id, key=key)
    with both.units.reading(town.id) as uow:
        return list(uow.session.scalars(sa.select(Notice.id).order_by(Notice.id)))


def test_a_mail_on_its_way_is_sent_by_nobody_else(
    both: Services, town: people.Community, post: Post, notices: list[UUID]
) -> None:
    """The second notice's delivery comes to another worker while the mail with both is sent."""
    with both.units.system_reading() as uow:
        deliveries = list(uow.session.scalars(sa.select(Delivery.id)))

    def another_worker() -> None:
        for delivery_id in deliveries[1:]:
            deliver(both, delivery_id)

    post.meanwhile = another_worker
    deliver(both, deliveries[0])
    drain(both)
    assert len(post.sent) == 1
    with both.units.reading(town.id) as uow:
        assert set(uow.session.scalars(sa.select(Notice.state))) == {NoticeState.SENT}


def test_of_two_who_begin_at_once_one_takes_all(
    both: Services, town: people.Community, notices: list[UUID]
) -> None:
    mails: set[str | None] = set()

    def second() -> None:
        with both.units.community(town.id) as uow:
            begun = _begin(uow, uow.session.get_one(Notice, notices[1]))
            uow.commit()
        with both.units.reading(town.id) as uow:
            mails.update(uow.session.scalars(sa.select(Notice.mail_id)))
        assert begun is not None

    thread = threading.Thread(target=second)
    with both.units.community(town.id) as uow:
        first = _begin(uow, uow.session.get_one(Notice, notices[0]))
        thread.start()
        thread.join(0.5)  # it waits for what we have locked
        uow.commit()
    thread.join()
    assert mails == {first}
