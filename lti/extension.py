"""What the adapter brings to the product, found by the entry point ``lantern.extensions``."""

from collections.abc import Iterable
from datetime import timedelta

from lti import (
    approvals,
    callers,
    invitations,
    keys,
    line_items,
    notices,
    oidc,
    registrations,
    results,
    roster,
    roster_reading,
    scores,
)
from lti.advantage import tokens
from lti.cards import CARDS
from lti.commands import cli
from lti.doctor import CHECKS
from lti.events import ColumnUnwanted, NoticesWanted, ResultsWanted, RosterWanted
from lti.models import DeploymentStatus
from lti.person_data import PERSON_DATA
from lti.privacy import KEPT
from lti.views import blueprint
from lti.views.platforms import HOME
from plugin.events.wants import ScoreWanted
from plugin.extension import AdministrationPage, Extension
from plugin.kernel.dispatch import every, on_remote
from plugin.kernel.i18n import _, lazy, ngettext
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork


def _tidy(services: Services) -> None:
    oidc.forget_old(services)
    tokens.forget_expired(services)
    roster.forget_old(services)
    callers.forget_old(services)
    keys.forget_old(services)
    with services.units.system() as uow:
        invitations.forget_old(uow)
        uow.commit()


def _platforms(services: Services) -> Iterable[str]:
    """The platforms whose pages may frame ours before anybody is signed in."""
    with services.units.system_reading() as uow:
        found = registrations.deployments(uow)
    return {
        origin
        for one in found
        if one.status is not DeploymentStatus.BLOCKED
        for origin in {*one.registration.origins, one.frame_origin or ""}
        if origin
    }


def _in_one_line(uow: UnitOfWork, services: Services) -> str:
    """How many platforms are connected, and what waits for the administrator."""
    waiting = approvals.waiting(uow)
    if waiting:
        return ngettext("%(n)d waits for approval.", "%(n)d wait for approval.", waiting)
    count = len(approvals.own_registrations(uow))
    if not count:
        return _("Not connected yet.")
    return ngettext("%(n)d connected.", "%(n)d connected.", count)


extension = Extension(
    name="lti",
    blueprints=(blueprint,),
    subscriptions=(
        on_remote(ScoreWanted, "lti.send_score", scores.send),
        on_remote(ResultsWanted, "lti.read_results", results.read),
        on_remote(ColumnUnwanted, "lti.remove_column", line_items.remove),
        on_remote(NoticesWanted, "lti.ask_for_notices", notices.ask),
        on_remote(RosterWanted, "lti.read_roster", roster_reading.read),
    ),
    schedules=(
        every(timedelta(hours=1), "lti.ask_for_rosters", roster.ask_for_all),
        every(timedelta(hours=1), "lti.tidy", _tidy),
    ),
    cards=CARDS,
    administration=(
        AdministrationPage(
            title=lazy("Courses: Moodle, Canvas and others"), path=HOME, health=_in_one_line
        ),
    ),
    commands=(cli,),
    checks=CHECKS,
    person_data=(PERSON_DATA,),
    keeps=KEPT,
    frame_ancestors=_platforms,
)
