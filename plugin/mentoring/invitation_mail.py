"""The mail that invites a mentor: nobody is a member yet, so no notice can carry it."""

from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit
from uuid import UUID

from plugin.kernel.config import Config
from plugin.kernel.i18n import _, use_locale
from plugin.kernel.mail import one_line
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.kernel.urls import absolute
from plugin.library import public as library
from plugin.mentoring.queries.programmes import InvitationView, ProgrammeView
from plugin.people import public as people
from plugin.web import public as web


def write(
    uow: UnitOfWork, settings: Config, invitation: InvitationView, about: ProgrammeView
) -> EmailMessage:
    """Make a link for this address and the mail that carries it; its Message-ID stays the same."""
    community = people.community(uow)
    context = people.context(uow, about.context_id)
    path = web.invite(
        uow,
        community_id=community.id,
        context_id=context.id,
        role=people.OBSERVER,
        email=invitation.email,
        note=about.title,
        next_path=f"/c/{context.handle}/mentoring/{about.handle}/join",
        invited_by=invitation.invited_by_id,
    )
    params = {"programme": about.title, "organisation": community.name}
    text = library.message("mentoring.invited", community.locale, params)
    with use_locale(community.locale):
        why = _("Why you get this: %(why)s", why=text.why)
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = invitation.email
    message["Subject"] = one_line(text.subject)
    message["Message-ID"] = _message_id(invitation.id, settings)
    message["Auto-Submitted"] = "auto-generated"
    link = absolute(settings, path)
    message.set_content(f"{text.body}\n\n{text.button}:\n{link}\n\n{why}\n")
    return message


def _message_id(invitation_id: UUID, settings: Config) -> str:
    host = urlsplit(settings.base_url).hostname or "localhost"
    return f"<invitation-{invitation_id.hex}@{host}>"
