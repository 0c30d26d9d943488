"""A platform registers itself by a link (IMS Dynamic Registration 1.0).

1. Its administrator opens our link there; the platform adds `openid_configuration` and a token.
2. We read the configuration through the guard, use the link up, and post what we are.
3. The answer becomes a registration that waits for an administrator here. A client id that we know
   already (Moodle's “update”) is brought up to date and stays approved or blocked as it was.
"""

from datetime import timedelta
from uuid import UUID

from lti import callers, invitations, keys, registrations
from lti.addresses import addresses
from lti.client_document import client_document
from lti.invitations import Invitation
from lti.models import RegistrationStatus
from lti.platform_configuration import Configuration, bearer, post_registration, read_configuration
from lti.platforms import Offer
from lti.registrations import NewRegistration, RegistrationView
from plugin.kernel import limits
from plugin.kernel.errors import DomainError, NotFound, TooMany
from plugin.kernel.i18n import _
from plugin.kernel.services import Services
from plugin.kernel.telemetry import get_logger
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

_TRIES_AN_HOUR = 20
log = get_logger(__name__)


def offer(services: Services, community: people.Community, sharing: str) -> Offer:
    """What this installation offers a platform, under the community's name."""
    return Offer(
        addresses=addresses(services.settings),
        title="Lantern",
        about=_("Mentoring, help and peer review: %(community)s", community=community.name),
        sharing=sharing,
    )


def register(
    services: Services, token: str, url: str, registration_token: str, sharing: str
) -> RegistrationView:
    """Register with the platform behind ``url``; RegistrationFailed or NotFound say why not."""
    with services.units.system_reading() as uow:
        invitation = invitations.of_token(uow, token)
    if invitation.used_at is not None:
        raise _used()
    if not limits.take(
        services.units,
        f"lti.register:{invitation.id.hex}",
        limit=_TRIES_AN_HOUR,
        per=timedelta(hours=1),
    ):
        raise TooMany("registration_tries", _("Too many tries. Wait an hour."), timedelta(hours=1))
    proof = bearer(registration_token)
    try:
        configuration = read_configuration(services, url, proof)
    except DomainError as failure:
        _note(services, invitation, failure)
        raise
    keys.ensure_key(services)
    with services.units.system() as uow:
        if not invitations.take(uow, invitation.id):
            raise _used()
        uow.commit()
    try:
        return _post_and_keep(services, invitation, configuration, proof, sharing)
    except BaseException as failure:
        _give_back(services, invitation, failure)
        raise


def _post_and_keep(
    services: Services,
    invitation: Invitation,
    configuration: Configuration,
    proof: str | None,
    sharing: str,
) -> RegistrationView:
    with services.units.reading(invitation.community_id) as uow:
        community = people.community(uow)
    document = client_document(
        configuration.platform, offer(services, community, sharing), configuration.scopes
    )
    client_id, deployment_id = post_registration(services, configuration, document, proof)
    with services.units.community(invitation.community_id) as uow:
        found = _keep(uow, invitation, configuration, client_id, deployment_id)
        uow.commit()
    return found


def _keep(
    uow: UnitOfWork,
    invitation: Invitation,
    configuration: Configuration,
    client_id: str,
    deployment_id: str | None,
) -> RegistrationView:
    found = registrations.register(
        uow,
        NewRegistration(
            issuer=configuration.issuer,
            client_id=client_id,
            auth_login_url=configuration.authorization_url,
            auth_token_url=configuration.token_url,
            key_set_url=configuration.key_set_url,
            token_audience=configuration.token_audience,
            family=configuration.family or None,
        ),
        community_id=invitation.community_id,
        status=RegistrationStatus.PENDING,
        actor=invitation.invited_by,
    )
    if deployment_id and registrations.find_deployment(uow, found.id, deployment_id) is None:
        callers.record_pending(uow, found.id, deployment_id, invitation.community_id)
    invitations.led_to(uow, invitation.id, found.id)
    return found


def _note(services: Services, invitation: Invitation, failure: DomainError) -> None:
    """Show the reason to the administrator who made the link."""
    log.info("lti.registration_failed", code=failure.code, detail=getattr(failure, "detail", ""))
    with services.units.system() as uow:
        invitations.give_back(uow, invitation.id, failure.message)
        uow.commit()


def _give_back(services: Services, invitation: Invitation, failure: BaseException) -> None:
    if isinstance(failure, DomainError):
        _note(services, invitation, failure)
    else:
        with services.units.system() as uow:
            invitations.give_back(uow, invitation.id, type(failure).__name__)
            uow.commit()


def result(services: Services, token: str) -> tuple[Invitation, RegistrationView | None]:
    """A link and what came of it, for the page after the registration."""
    with services.units.system_reading() as uow:
        invitation = invitations.of_token(uow, token)
        found: UUID | None = invitation.registration_id
        return invitation, registrations.registration_by_id(uow, found) if found else None


def _used() -> NotFound:
    return NotFound(
        "registration_link_used",
        _(
            "This registration link was used already. Whoever looks after Lantern makes a new one "
            "under Administration, Courses."
        ),
    )
