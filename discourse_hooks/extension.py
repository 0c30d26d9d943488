"""What the adapter brings to the product (entry point ``lantern.extensions``)."""

from __future__ import annotations

from collections.abc import Iterable

from discourse_hooks import admin_views, connections, health, inbox_views, link_views
from discourse_hooks.cards import CARDS
from discourse_hooks.commands import cli
from discourse_hooks.doctor import CHECKS
from discourse_hooks.jobs import PUMPS, SCHEDULES
from discourse_hooks.person_data import PERSON_DATA
from discourse_hooks.subscribers import SUBSCRIPTIONS
from discourse_hooks.views import blueprint
from plugin.extension import AdministrationPage, Extension, SignInMethod
from plugin.kernel.i18n import _, lazy
from plugin.kernel.services import Services


def sign_in_links(services: Services) -> Iterable[tuple[str, str]]:
    """One button for each connected forum."""
    for forum in connections.all_of_them(services):
        label = _("Sign in with %(forum)s", forum=forum.title)
        yield label, f"/discourse/{forum.handle}/signin"


extension = Extension(
    name="discourse",
    blueprints=(blueprint, link_views.blueprint, inbox_views.with_inbox),
    subscriptions=SUBSCRIPTIONS,
    schedules=SCHEDULES,
    pumps=PUMPS,
    commands=(cli,),
    cards=CARDS,
    administration=(
        AdministrationPage(title=lazy("Forums"), path=admin_views.HOME, health=health.in_one_line),
    ),
    checks=CHECKS,
    person_data=(PERSON_DATA,),
    sign_in=(SignInMethod(name="discourse", links=sign_in_links),),
)
