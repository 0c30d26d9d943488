"""A verified launch becomes a person in a context, in one unit of work of the community.

The launch decides what this session may open (a grant); the roster decides who stands in pools. So
a launch puts somebody on the roster only while the roster does not know them: a teacher who looks
at the course as a learner keeps their place. Test users are let in and never put on a roster.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from lti import copies, submission_review
from lti.claims import DEEP_LINKING, SUBMISSION_REVIEW, Launch
from lti.events import NoticesWanted, RosterWanted
from lti.familiar import familiar
from lti.models import ContextLink, DeepLinkingRequest, ResourceLink
from lti.registrations import DeploymentView
from lti.roles import Standing, standing
from plugin.kernel.i18n import _
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.kernel.urls import is_local_path
from plugin.people import public as people
from plugin.web.looking import ACTING, TEST

T = TypeVar("T")


@dataclass(frozen=True)
class Arrival:
    """Who came, where they may go, and where this launch leads."""

    person: people.PersonView
    context: people.Context | None
    standing: Standing
    next_path: str
    looking: str | None = None
    sections: tuple[UUID, ...] = ()

    @property
    def grants(self) -> list[tuple[UUID, str]]:
        """Who is limited to sections gets a role there and none in the whole course."""
        if self.context is None or self.standing.role is None:
            return []
        return [(one, self.standing.role) for one in self.sections or (self.context.id,)]


def let_in(
    services: Services,
    launch: Launch,
    deployment: DeploymentView,
    then: Callable[[UnitOfWork, Arrival], T],
) -> tuple[Arrival, T]:
    """Admit, and open a session with ``then``, in one commit. A class that opens a course together
    makes its rows together: whoever is second finds them made and goes round once more, since the
    login is spent by now."""
    assert deployment.community_id is not None  # an active deployment leads to a community
    for last in (False, False, True):
        try:
            with services.units.community(deployment.community_id) as uow:
                arrival = admit(uow, launch, deployment)
                opened = then(uow, arrival)
                uow.commit()
                return arrival, opened
        except IntegrityError:
            if last:
                raise
    raise AssertionError("unreachable")


def admit(uow: UnitOfWork, launch: Launch, deployment: DeploymentView) -> Arrival:
    """Person, context, roster place and links of a launch (unique: issuer and subject or id)."""
    found = standing(launch.roles, deployment.role_overrides)
    looking = ACTING if launch.acting else TEST if found.is_test_user else None
    usual = looking is None and found.role is not None and not launch.sections
    back = familiar(uow, launch, deployment) if usual else None
    if back is not None:
        people.note_present(uow, back.person.id)
        next_path = back.place or _next_path(
            uow, launch, deployment, back.person.id, back.context, found
        )
        known = Arrival(back.person, back.context, found, next_path)
        return _accepted(uow, launch, deployment, known)
    person = people.admit(
        uow,
        issuer=launch.issuer,
        subject=launch.subject,
        kind="lti",
        display_name=launch.person.name,
        email=launch.person.email,
        locale=launch.person.locale,
        time_zone=launch.person.time_zone,
        present=looking is None,
    )
    context = link = row = None
    sections: tuple[people.Context, ...] = ()
    if launch.context is not None:
        context = people.context_for(
            uow,
            issuer=launch.issuer,
            external_id=launch.context.id,
            kind="course",
            title=launch.context.title or launch.context.label or "",
        )
        link = _context_link(uow, launch, deployment, context.id)
        row = _resource_link(uow, launch, link)
        sections = tuple(_section(uow, launch, context, one) for one in launch.sections)
        if looking is None and found.role is not None:
            for each in sections or (context,):
                _enrol_unless_known(uow, person.id, each.id, found.role)
    place = None
    if row is not None and link is not None and context is not None and found.role is not None:
        opening = copies.Opening(context, link, person.id, found.teaches and looking is None)
        place = copies.place_of(uow, launch, row, opening)
    if launch.message_type == SUBMISSION_REVIEW:
        place = submission_review.path(uow, launch, link, context, person.id, found) or place
    next_path = place or _next_path(uow, launch, deployment, person.id, context, found)
    if sections and context is not None:
        next_path = _within(next_path, context, sections[0])
    limits = tuple(one.id for one in sections)
    arrival = Arrival(person, context, found, next_path, looking, limits)
    return _accepted(uow, launch, deployment, arrival)


def _accepted(
    uow: UnitOfWork, launch: Launch, deployment: DeploymentView, arrival: Arrival
) -> Arrival:
    uow.audit(
        "lti.launch.accepted",
        actor=arrival.person.id,
        subject=f"deployment:{deployment.handle}",
        message=launch.message_type,
        role=arrival.standing.role,
        test_user=arrival.standing.is_test_user,
        **({"looking": arrival.looking} if arrival.looking else {}),
    )
    return arrival


def _section(
    uow: UnitOfWork, launch: Launch, course: people.Context, section_id: str
) -> people.Context:
    """The context of one section, for people who must not see those of the others."""
    assert launch.context is not None  # the caller has just looked
    return people.context_for(
        uow,
        issuer=launch.issuer,
        external_id=f"{launch.context.id[:140]}/section/{section_id}",
        kind="section",
        title=_("%(course)s, section %(section)s", course=course.title, section=section_id),
    )


def _within(path: str, course: people.Context, section: people.Context) -> str:
    """The start of the section in place of a page of the whole course."""
    return f"/c/{section.handle}/" if path.startswith(f"/c/{course.handle}/") else path


def _enrol_unless_known(uow: UnitOfWork, person_id: UUID, context_id: UUID, role: str) -> None:
    if all(known != context_id for known, _role in people.memberships_of(uow, person_id)):
        people.enrol(uow, person_id, context_id, role, "launch")


def _context_link(
    uow: UnitOfWork, launch: Launch, deployment: DeploymentView, context_id: UUID
) -> ContextLink:
    """The course as this deployment knows it, with the service addresses of this launch."""
    assert launch.context is not None  # the caller has just looked
    link = uow.session.scalars(
        sa.select(ContextLink).where(
            ContextLink.deployment_id == deployment.id,
            ContextLink.external_id == launch.context.id,
        )
    ).first()
    if link is None:
        link = ContextLink(
            deployment_id=deployment.id,
            external_id=launch.context.id,
            context_id=context_id,
            scopes=[],
            origins=[],
        )
        uow.session.add(link)
        uow.session.flush()
        if launch.memberships_url:
            uow.record(RosterWanted(context_link_id=link.id))
        if launch.notices_url and launch.notices_url != deployment.notices_url:
            uow.record(NoticesWanted(deployment_id=deployment.id, url=launch.notices_url))
    copies.note_origins(link, copies.history(launch))
    link.memberships_url = launch.memberships_url or link.memberships_url
    if launch.ags is not None:
        link.lineitems_url = launch.ags.lineitems or link.lineitems_url
        link.scopes = list(launch.ags.scopes)
    return link


def _resource_link(uow: UnitOfWork, launch: Launch, link: ContextLink) -> ResourceLink | None:
    """The activity that was opened, with its line item where it has exactly one."""
    if launch.resource_link is None:
        return None
    row = uow.session.scalars(
        sa.select(ResourceLink).where(
            ResourceLink.context_link_id == link.id,
            ResourceLink.external_id == launch.resource_link.id,
        )
    ).first()
    if row is None:
        row = ResourceLink(context_link_id=link.id, external_id=launch.resource_link.id)
        uow.session.add(row)
        uow.session.flush()
    row.title = launch.resource_link.title
    if launch.ags is not None and launch.ags.lineitem:
        row.lineitem_url = launch.ags.lineitem
    return row


def _next_path(
    uow: UnitOfWork,
    launch: Launch,
    deployment: DeploymentView,
    person_id: UUID,
    context: people.Context | None,
    found: Standing,
) -> str:
    """Where the claims lead: the picker, the page that was linked, else the start of the course."""
    home = f"/c/{context.handle}/" if context and found.role else "/"
    if launch.message_type == DEEP_LINKING:
        if launch.deep_linking is None or not found.teaches:
            return home
        settings = launch.deep_linking
        row = DeepLinkingRequest(
            deployment_id=deployment.id,
            person_id=person_id,
            context_id=context.id if context else None,
            return_url=settings.return_url,
            accept_multiple=settings.accept_multiple,
            accept_line_items=settings.accept_lineitem and launch.ags is not None,
            accepts_links="ltiResourceLink" in settings.accept_types,
            data=settings.data,
            created_at=uow.now(),
        )
        uow.session.add(row)
        uow.session.flush()
        return f"/lti/deep-linking/{row.handle}"
    path = urlsplit(launch.target_link_uri or "").path
    if path in ("", "/") or path.startswith("/lti/") or not is_local_path(path):
        return home
    return home if copies.leads_to_another_course(uow, path, context) else path
