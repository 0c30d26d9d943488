"""One mail from one notice or from a bundle: text and HTML alike, nothing loaded from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from html import escape
from urllib.parse import urlsplit

from plugin.kernel.i18n import _, ngettext
from plugin.kernel.mail import one_line
from plugin.library.public import Text


@dataclass(frozen=True)
class Item:
    """One notice of a mail: its text, its page and its signed buttons (label, link)."""

    text: Text
    url: str
    buttons: tuple[tuple[str, str], ...]
    stop: str | None


def compose(
    items: Sequence[Item],
    *,
    sender: str,
    to: str,
    mail_id: str,
    base_url: str,
    locale: str,
    now: datetime,
) -> EmailMessage:
    """Return the message; ``mail_id`` is its Message-ID, so sent again it is the same mail."""
    message = EmailMessage(policy=SMTP)
    name, address = getaddresses([sender])[0]
    user, _at, domain = address.partition("@")
    message["From"] = Address(name, user, domain)
    message["To"] = to
    message["Subject"] = one_line(
        items[0].text.subject
        if len(items) == 1
        else ngettext("%(n)d thing for you", "%(n)d things for you", len(items))
    )
    message["Date"] = format_datetime(now)
    host = urlsplit(base_url).hostname or "localhost"
    message["Message-ID"] = f"<{mail_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    stops = [item.stop for item in items if item.stop]
    if len(items) == 1 and stops:
        message["List-Unsubscribe"] = f"<{stops[0]}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    settings = f"{base_url}/notices"
    message.set_content("\n\n".join([*(_plain(item) for item in items), _foot(settings)]))
    message.add_alternative(_html(items, settings, locale), subtype="html")
    message["Content-Language"] = locale  # set_content would have dropped it
    return message


def _plain(item: Item) -> str:
    lines = [item.text.subject, "", item.text.body, ""]
    lines += [f"{label}:\n{link}" for label, link in item.buttons]
    lines += [
        f"{item.text.button}:\n{item.url}",
        "",
        _("Why you get this: %(why)s", why=item.text.why),
    ]
    if item.stop:
        lines.append(_("No more of this kind: %(link)s", link=item.stop))
    return "\n".join(lines)


def _foot(settings: str) -> str:
    return _("Choose what comes, and when: %(link)s", link=settings)


def _html(items: Sequence[Item], settings: str, locale: str) -> str:
    parts = "".join(_html_item(item) for item in items)
    foot = f'<a href="{escape(settings)}">{escape(_("Choose what comes, and when"))}</a>'
    return (
        f'<!doctype html><html lang="{escape(locale)}"><body style="font:16px/1.5 system-ui,'
        f'sans-serif;color:#2b2420;max-width:36rem;margin:0 auto;padding:16px">{parts}'
        f'<p style="font-size:14px">{foot}</p></body></html>'
    )


def _html_item(item: Item) -> str:
    button = (
        '<p><a href="{}" style="display:inline-block;padding:12px 20px;border-radius:8px;'
        'background:#f2b441;color:#2b2420;text-decoration:none;font-weight:600">{}</a></p>'
    )
    plain = '<p><a href="{}">{}</a></p>'
    first, *others = [*item.buttons, (item.text.button, item.url)]
    stop = (
        f' · <a href="{escape(item.stop)}">{escape(_("No more of this kind"))}</a>'
        if item.stop
        else ""
    )
    return (
        f'<h1 style="font-size:20px">{escape(item.text.subject)}</h1>'
        f"<p>{escape(item.text.body)}</p>"
        + button.format(escape(first[1]), escape(first[0]))
        + "".join(plain.format(escape(link), escape(label)) for label, link in others)
        + f'<p style="font-size:14px">{escape(item.text.why)}{stop}</p>'
    )
