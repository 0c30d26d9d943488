"""Sending what is due. The database row of the event waits; nothing is kept in memory."""

import hashlib
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from plugin.events.notifications import NoticeWritten
from plugin.kernel.dispatch import DeliveryFacts, Later, Park, on_remote
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.i18n import Lazy, _, lazy, use_locale
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.kernel.urls import absolute
from plugin.library import public as library
from plugin.notifications import links, mail
from plugin.notifications import services as use_cases
from plugin.notifications.kinds import ALWAYS, KINDS
from plugin.notifications.links import Action, signed_action
from plugin.notifications.models import Notice, NoticeState
from plugin.notifications.queries import bundle, in_mail
from plugin.people import public as people

STOP_LIFE = timedelta(days=365)


def send(services: Services, delivery: DeliveryFacts, event: NoticeWritten) -> None:
    """Send a notice when it is due, together with everything else that is due for its reader.

    Idempotent by the notice's state and by ``mail_id``: a mail that was begun keeps its notices
    and its Message-ID, so that one sent again after a crash is the same mail. Only the delivery
    that began a mail sends it: two workers with a notice each of one mail would send it twice.
    """
    with services.units.community(delivery.community_id) as uow:
        notice = uow.session.get(Notice, event.notice_id)
        if notice is None or notice.state is not NoticeState.WAITING:
            return
        if notice.due_at > uow.now():
            raise Later(notice.due_at - uow.now(), "waits until its reader may be disturbed")
        if notice.mail_id not in (None, _mail_of(notice)):
            return  # on its way in a mail of another delivery, which is tried until it is sent
        mail_id = notice.mail_id or _begin(uow, notice)
        notices = in_mail(uow, mail_id) if mail_id else []
        message = _write(services, uow, notices, mail_id) if notices and mail_id else None
        uow.commit()  # the links and the mail's id exist before the mail that carries them
    if message is None or mail_id is None:
        return
    try:
        services.mailer.send(message)
    except RemoteCallFailed as failure:
        if failure.retryable:
            raise
        raise Park(f"the mail server refuses this address: {failure.reason}") from failure
    with services.units.community(delivery.community_id) as uow:
        use_cases.settle(uow, in_mail(uow, mail_id), ("mail",))
        uow.commit()


def _mail_of(notice: Notice) -> str:
    """The id of the mail that this notice's delivery begins and nobody else sends."""
    return hashlib.sha256(notice.id.bytes).hexdigest()[:32]


def _begin(uow: UnitOfWork, notice: Notice) -> str | None:
    """Give a notice its channel, in a mail with all else that is due; None when there is none."""
    channels = use_cases.channels_for(uow, notice)
    if channels != ("mail",):
        due = [one for one in bundle(uow, notice.person_id) if not one.waits] or [notice]
        together = [notice] if notice.waits or not channels else due
        alike = [one for one in together if use_cases.channels_for(uow, one) == channels]
        if channels:
            use_cases.want_forum_message(uow, alike)
        use_cases.settle(uow, alike, channels)
        return None
    mail_id = _mail_of(notice)
    for one in bundle(uow, notice.person_id):
        if use_cases.channels_for(uow, one) == ("mail",):
            one.mail_id = mail_id
    uow.session.flush()
    return mail_id


def _write(
    services: Services, uow: UnitOfWork, notices: list[Notice], mail_id: str
) -> EmailMessage:
    reader = people.person(uow, notices[0].person_id)
    with use_locale(reader.locale):
        items = [_item(services, uow, notice, reader.locale) for notice in notices]
        return mail.compose(
            items,
            sender=services.settings.mail_from,
            to=str(reader.email),
            mail_id=mail_id,
            base_url=services.settings.base_url,
            locale=reader.locale,
            now=uow.now(),
        )


def _item(services: Services, uow: UnitOfWork, notice: Notice, locale: str) -> mail.Item:
    def link(action: Action, life: timedelta = links.LIFE) -> str:
        path = links.make(uow, notice.person_id, action, life=life)
        return absolute(services.settings, path)

    def button(entry: dict[str, Any]) -> tuple[str, str]:
        words = entry["label"]
        label = _(words)
        return label, link(Action(label, entry["purpose"], entry["arguments"]))

    stop = None
    if notice.kind not in ALWAYS:
        stop = link(Action("", "notifications.stop", {"kind": notice.kind}), STOP_LIFE)
    return mail.Item(
        text=library.message(notice.message, locale, notice.params),
        url=absolute(services.settings, notice.url),
        buttons=tuple(button(entry) for entry in notice.links),
        stop=stop,
    )


def _kind(args: dict[str, Any]) -> Lazy:
    return KINDS.get(args.get("kind", ""), lazy("this kind of notice"))


def _describe_stop(uow: UnitOfWork, args: dict[str, Any]) -> str:
    return _("Stop all messages of this kind: %(kind)s", kind=str(_kind(args)))


def _stop(uow: UnitOfWork, person_id: UUID, args: dict[str, Any]) -> str:
    use_cases.stop_kind(uow, person_id, args["kind"])
    return _("No more messages of this kind will come. You can change that at any time.")


SUBSCRIPTIONS = (on_remote(NoticeWritten, "notifications.send", send),)
ACTIONS = (signed_action("notifications.stop", _describe_stop, _stop),)
