"""The mail that carries a staff invitation."""

from plugin.administration.wording import right_words
from plugin.kernel.errors import Unavailable
from plugin.kernel.i18n import _, use_locale
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web.mail_codes import send_plain


def mail_invitation(
    services: Services, community: people.Community, *, host: str, email: str, link: str, right: str
) -> bool:
    """Send an invitation in the community's language; False when the mail was not taken."""
    with use_locale(community.locale):
        subject = _("You are invited to %(name)s", name=community.name)
        body = _(
            "%(host)s asks you to join %(name)s as: %(right)s.\n\nOpen this link; it works once, "
            "for 14 days:\n%(link)s\n\nThere is no password: your address is checked with a code.",
            host=host,
            name=community.name,
            right=right_words(right),
            link=link,
        )
        try:
            send_plain(services, email, subject, body)
        except Unavailable:
            return False
    return True
