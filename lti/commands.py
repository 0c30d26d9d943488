"""`lantern lti …`: platforms and keys from the command line, for people and for programs.

Past 300 lines: one group of short commands, which are easiest to find in one place.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from lti import approvals, callers, checking, invitations, keys, operating, registrations
from lti.addresses import addresses
from lti.models import RegistrationStatus
from lti.platforms import FAMILIES
from lti.registrations import DeploymentView, NewRegistration, RegistrationView
from plugin.kernel.doctor import Verdict
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.kernel.urls import absolute
from plugin.people import public as people

_as_json = click.option("--json", "as_json", is_flag=True, help="Answer for a program.")


def _services(ctx: click.Context) -> Services:
    found: Services = ctx.obj["composition"]().services
    return found


def _say(as_json: bool, facts: Any, text: str) -> None:
    click.echo(json.dumps(facts, default=str) if as_json else text)


@click.group("lti")
def cli() -> None:
    """Learning platforms (Moodle, Canvas and others) that open Lantern."""


@cli.command("add-platform")
@click.option("--issuer", required=True, help="The platform's issuer, byte for byte.")
@click.option("--client-id", required=True, help="The client id that it gave to Lantern.")
@click.option("--auth-login-url", required=True, help="Its authentication request URL.")
@click.option("--auth-token-url", required=True, help="Its access token URL.")
@click.option("--key-set-url", required=True, help="Its public key set URL.")
@click.option("--deployment-id", required=True, help="The deployment to let in.")
@click.option("--community", default=None, help="Handle or name; the only one by default.")
@click.option("--name", default="", help="What to call the platform.")
@click.option("--token-audience", default=None, help="Audience of token requests, if unusual.")
@_as_json
@click.pass_context
def add_platform(
    ctx: click.Context, /, deployment_id: str, community: str | None, as_json: bool, **typed: Any
) -> None:
    """Register a platform, or bring its registration up to date, and let a deployment in."""
    services = _services(ctx)
    with services.units.system() as uow:
        place = _community(uow, community)
        registration = registrations.register(uow, NewRegistration(**typed), community_id=place.id)
        if registration.status is RegistrationStatus.PENDING:
            operating.set_status(uow, registration.id, RegistrationStatus.ACTIVE)
        deployment = registrations.activate(uow, registration.id, deployment_id, place.id)
        uow.commit()
    keys.ensure_key(services)
    told = _addresses(services)
    facts = {**_facts(deployment), "community": place.handle, **told}
    lines = [f"{registration.issuer} may open Lantern for {place.name}. Tell the platform:"]
    lines += [f"  {name.replace('_', ' ')}: {url}" for name, url in told.items()]
    _say(as_json, facts, "\n".join(lines))


@cli.command("list")
@_as_json
@click.pass_context
def list_platforms(ctx: click.Context, as_json: bool) -> None:
    """List deployments by platform, and who knocked without being known."""
    services = _services(ctx)
    with services.units.system_reading() as uow:
        found = registrations.deployments(uow)
        unknown = callers.unknown_callers(uow)
    facts: dict[str, Any] = {
        "deployments": [_facts(one) for one in found],
        "unknown": [
            {
                "issuer": one.issuer,
                "client_id": one.client_id,
                "times": one.times,
                "last_seen_at": one.last_seen_at,
                "reference": one.reference,
            }
            for one in unknown
        ],
    }
    with services.units.system_reading() as uow:
        every = operating.every_registration(uow)
    facts["registrations"] = [_registration_facts(one) for one in every]
    lines = [
        f"{one.status.value:8} {one.issuer} client {one.client_id} registration ({one.handle})"
        for one in every
    ]
    lines += [
        f"{one.status.value:8} {one.registration.issuer} client {one.registration.client_id} "
        f"deployment {one.deployment_id} ({one.handle})"
        for one in found
    ]
    lines += [
        f"unknown  {one.issuer} client {one.client_id or '(none)'}: {one.times} times, "
        f"reference {one.reference}"
        for one in unknown
    ]
    _say(as_json, facts, "\n".join(lines) or "No platform yet.")


@cli.command("addresses")
@_as_json
@click.pass_context
def show_addresses(ctx: click.Context, as_json: bool) -> None:
    """Print every address to paste into a platform by hand."""
    told = _addresses(_services(ctx))
    _say(as_json, told, "\n".join(f"{name.replace('_', ' ')}: {url}" for name, url in told.items()))


@cli.command("invite")
@click.option("--family", type=click.Choice(sorted(FAMILIES)), default="other", show_default=True)
@click.option("--community", default=None, help="Handle or name; the only one by default.")
@_as_json
@click.pass_context
def invite(ctx: click.Context, family: str, community: str | None, as_json: bool) -> None:
    """Print a link with which one platform registers itself, for a week and once."""
    services = _services(ctx)
    with services.units.system() as uow:
        place = _community(uow, community)
        uow.commit()
    with services.units.community(place.id) as work:
        made = invitations.invite(work, services.vault, place.id, family, actor=None)
        path = invitations.path_of(work, services.vault, made.id)
        work.commit()
    assert path is not None  # it was made just now
    url = absolute(services.settings, path)
    steps = FAMILIES[family].where_to_paste()
    text = "\n".join([url, *(f"  {number}. {step}" for number, step in enumerate(steps, 1))])
    _say(as_json, {"url": url, "expires_at": made.expires_at}, text)


@cli.command("approve")
@click.argument("handle")
@click.option("--first", is_flag=True, help="Also the first place that comes, if none is known.")
@click.option("--community", default=None, help="Whose it becomes, if it is nobody's yet.")
@_as_json
@click.pass_context
def approve(
    ctx: click.Context, handle: str, first: bool, community: str | None, as_json: bool
) -> None:
    """Let a registration (with the places that wait) or one deployment in, by its handle."""
    with _looking_after(ctx, handle, community) as (uow, is_registration):
        if is_registration:
            approvals.approve_registration(uow, handle, first=first, actor=None)
        else:
            approvals.approve_deployment(uow, handle, actor=None)
    _say(as_json, {"handle": handle, "status": "active"}, "Approved.")


@cli.command("block")
@click.argument("handle")
@_as_json
@click.pass_context
def block(ctx: click.Context, handle: str, as_json: bool) -> None:
    """Close a registration or a deployment until it is approved again."""
    with _looking_after(ctx, handle) as (uow, is_registration):
        if is_registration:
            approvals.block_registration(uow, handle, actor=None)
        else:
            approvals.block_deployment(uow, handle, actor=None)
    _say(as_json, {"handle": handle, "status": "blocked"}, "Blocked.")


@cli.command("rename")
@click.argument("handle")
@click.argument("name")
@_as_json
@click.pass_context
def rename(ctx: click.Context, handle: str, name: str, as_json: bool) -> None:
    """Give a registration or a deployment a name of our own."""
    with _looking_after(ctx, handle) as (uow, is_registration):
        if is_registration:
            approvals.rename_registration(uow, handle, name, actor=None)
        else:
            approvals.rename_deployment(uow, handle, name, actor=None)
    _say(as_json, {"handle": handle, "name": name}, "Renamed.")


@cli.command("remove")
@click.argument("handle")
@click.confirmation_option(prompt="Nobody comes in from there any more. Remove it?")
@_as_json
@click.pass_context
def remove(ctx: click.Context, handle: str, as_json: bool) -> None:
    """Forget a registration or a deployment; courses and people stay."""
    with _looking_after(ctx, handle) as (uow, is_registration):
        if is_registration:
            approvals.remove_registration(uow, handle, actor=None)
        else:
            approvals.remove_deployment(uow, handle, actor=None)
    _say(as_json, {"handle": handle, "removed": True}, "Removed.")


@cli.command("check")
@click.argument("handle")
@_as_json
@click.pass_context
def check(ctx: click.Context, handle: str, as_json: bool) -> None:
    """Read a platform's keys, compare clocks and ask for a token. Fails when something is bad."""
    services = _services(ctx)
    with services.units.system_reading() as uow:
        registration = operating.registration_by_handle(uow, handle)
    found = checking.check(services, registration)
    facts = [
        {"what": one.what, "verdict": one.verdict.value, "said": one.said, "advice": one.advice}
        for one in found
    ]
    lines = [
        f"{one.verdict.value:5} {one.what}: {one.said}{' · ' if one.advice else ''}{one.advice}"
        for one in found
    ]
    _say(as_json, facts, "\n".join(lines))
    if any(one.verdict is Verdict.BAD for one in found):
        ctx.exit(1)


@cli.command("rotate-keys")
@click.option("--stolen", is_flag=True, help="A key is in wrong hands: publish the new one alone.")
@_as_json
@click.pass_context
def rotate_keys(ctx: click.Context, stolen: bool, as_json: bool) -> None:
    """Add a signing key; it signs in an hour, and what it replaces is published a week more."""
    if stolen:
        kid = keys.replace_stolen(_services(ctx))
        _say(as_json, {"kid": kid}, f"Key {kid} signs now; no other is published.")
        return
    kid = keys.rotate(_services(ctx))
    _say(as_json, {"kid": kid}, f"Key {kid} is published and will sign in an hour.")


@contextmanager
def _looking_after(
    ctx: click.Context, handle: str, community: str | None = None
) -> Iterator[tuple[UnitOfWork, bool]]:
    """A unit of work of the community that looks after a handle, committed at the end."""
    services = _services(ctx)
    with services.units.system() as uow:
        registration, is_registration = operating.by_any_handle(uow, handle)
        owner = registration.community_id
        if owner is None:
            owner = _community(uow, community).id
            operating.give_to(uow, registration.id, owner)
        uow.commit()
    with services.units.community(owner) as work:
        yield work, is_registration
        work.commit()


def _addresses(services: Services) -> dict[str, str]:
    at = addresses(services.settings)
    return {
        "login_url": at.login,
        "redirect_uri": at.launch,
        "target_link_uri": at.launch,
        "deep_linking_url": at.launch,
        "key_set_url": at.keys,
        "icon_url": at.icon,
        "privacy_policy_url": at.policy,
        "terms_url": at.terms,
        "canvas_configuration_url": at.canvas,
    }


def _registration_facts(one: RegistrationView) -> dict[str, Any]:
    return {
        "issuer": one.issuer,
        "client_id": one.client_id,
        "registration": one.handle,
        "name": one.platform_name,
        "status": one.status.value,
    }


def _community(uow: UnitOfWork, wanted: str | None) -> people.Community:
    """The community meant; a new installation gets its first one here."""
    known = people.communities(uow)
    if not known:
        return people.found_community(uow, wanted or _("Our community"))
    meant = [one for one in known if wanted in (None, one.handle, one.name)]
    if len(meant) != 1:
        raise Invalid(
            "which_community",
            _(
                "Say which community with --community: %(names)s.",
                names=", ".join(f"{one.handle} ({one.name})" for one in known),
            ),
        )
    return meant[0]


def _facts(deployment: DeploymentView) -> dict[str, Any]:
    registration = deployment.registration
    return {
        "issuer": registration.issuer,
        "client_id": registration.client_id,
        "deployment_id": deployment.deployment_id,
        "registration": registration.handle,
        "deployment": deployment.handle,
        "status": deployment.status.value,
        "seen_at": deployment.seen_at,
    }
