"""Platform Notification Service 1.0: a platform tells that a course was copied.

Asked for once a deployment, when a course is opened for the first time. A notice only adds to what
we know of a course's origins, so the same one may come twice (unique: deployment, course).
"""

import json
from typing import Any
from uuid import UUID

import jwt
import sqlalchemy as sa
from marshmallow import ValidationError, fields, validate

from lti import copies, registrations, verification
from lti.advantage.client import ServiceClient, unusable
from lti.claim_schemas import LTI, MAX_ID, ContextPart, Part
from lti.claims import CONTEXT_COPY
from lti.errors import BadMessage
from lti.events import NoticesWanted
from lti.keysets import KeySets
from lti.models import ContextLink, Deployment, DeploymentStatus, RegistrationStatus
from lti.registrations import DeploymentView
from plugin.kernel.dispatch import DeliveryFacts
from plugin.kernel.services import Services
from plugin.kernel.urls import absolute
from plugin.people import public as people

SCOPE = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
PATH = "/lti/notices"
_MOST = 50


class _Notice(Part):
    type = fields.String(required=True, validate=validate.Length(max=MAX_ID))


class _CopyNotice(Part):
    deployment_id = fields.String(
        required=True, data_key=LTI + "deployment_id", validate=validate.Length(1, MAX_ID)
    )
    notice = fields.Nested(_Notice, required=True, data_key=LTI + "notice")
    context = fields.Nested(ContextPart, data_key=LTI + "context", load_default=None)
    origins = fields.List(
        fields.String(validate=validate.Length(max=MAX_ID)),
        data_key=LTI + "origin_contexts",
        load_default=list,
        validate=validate.Length(max=copies.MOST_ORIGINS),
    )


def ask(services: Services, delivery: DeliveryFacts, event: NoticesWanted) -> None:
    """Name our address to the platform (unique: deployment and address); again is harmless."""
    with services.units.system_reading() as uow:
        deployment = registrations.deployment_by_id(uow, event.deployment_id)
    if deployment.notices_url == event.url:
        return
    handler = absolute(services.settings, PATH)
    answer = ServiceClient(services, deployment.registration, (SCOPE,)).call(
        "PUT",
        event.url,
        accept="application/json",
        content_type="application/json",
        body=json.dumps({"notice_type": CONTEXT_COPY, "handler": handler}).encode(),
    )
    if answer.status not in (200, 201, 204):
        raise unusable(event.url, answer)
    with services.units.system() as uow:
        uow.session.get_one(Deployment, deployment.id).notices_url = event.url
        uow.commit()


def receive(services: Services, key_sets: KeySets, body: Any) -> int:
    """Take the notices of one request; how many told of a copy. Raises LaunchRefused."""
    listed = body.get("notices") if isinstance(body, dict) else None
    if not isinstance(listed, list) or len(listed) > _MOST:
        raise BadMessage("request_malformed", detail="notices")
    tokens = [one.get("jwt") if isinstance(one, dict) else None for one in listed]
    if not all(isinstance(one, str) for one in tokens):
        raise BadMessage("request_malformed", detail="jwt")
    return sum(_take(services, key_sets, str(token)) for token in tokens)


def _take(services: Services, key_sets: KeySets, token: str) -> bool:
    kid = verification.key_id(token)
    issuer, client_id = _sender(token)
    with services.units.system_reading() as uow:
        registration = registrations.find_registration(uow, issuer, client_id)
    key = key_sets.key(registration.key_set_url, kid)
    now = services.clock.now()
    claims = verification.verify_notice(token, key, issuer, registration.client_id, now)
    try:
        found: dict[str, Any] = _CopyNotice().load(claims)
    except ValidationError as error:
        raise BadMessage("claim_malformed", detail="notice") from error
    if found["notice"]["type"] != CONTEXT_COPY or found["context"] is None:
        return False  # others were not asked for and mean nothing here
    with services.units.system_reading() as uow:
        place = registrations.find_deployment(uow, registration.id, found["deployment_id"])
    approved = registration.status is RegistrationStatus.ACTIVE
    if place is None or place.status is not DeploymentStatus.ACTIVE or not approved:
        return False
    assert place.community_id is not None  # an active deployment leads to a community
    _note(services, place, place.community_id, found)
    return True


def _note(
    services: Services, place: DeploymentView, community_id: UUID, found: dict[str, Any]
) -> None:
    """Remember where the new course came from, though nobody has opened it yet."""
    told = found["context"]
    with services.units.community(community_id) as uow:
        link = uow.session.scalars(
            sa.select(ContextLink).where(
                ContextLink.deployment_id == place.id, ContextLink.external_id == told["id"]
            )
        ).first()
        if link is None:
            context = people.context_for(
                uow,
                issuer=place.registration.issuer,
                external_id=told["id"],
                kind="course",
                title=told["title"] or told["label"] or "",
            )
            link = ContextLink(
                deployment_id=place.id,
                external_id=told["id"],
                context_id=context.id,
                scopes=[],
                origins=[],
            )
            uow.session.add(link)
        copies.note_origins(link, found["origins"])
        uow.commit()


def _sender(token: str) -> tuple[str, str]:
    """Issuer and client id that a notice names; believed only after its signature was checked."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise BadMessage("token_malformed", detail=type(error).__name__) from error
    audience = claims.get("azp") or claims.get("aud")
    client_id = audience[0] if isinstance(audience, list) and audience else audience
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or not isinstance(client_id, str):
        raise BadMessage("claim_malformed", detail="iss, aud")
    return issuer[:MAX_ID], client_id[:MAX_ID]
