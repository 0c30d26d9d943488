"""`lantern admin …`: a way in for administrators, from the machine that Lantern runs on."""

import json
from typing import Any

import click

from plugin.administration.setup import first_start_link
from plugin.kernel.services import Services
from plugin.kernel.urls import absolute
from plugin.people import public as people
from plugin.web.public import invite


@click.group("admin")
def cli() -> None:
    """Administrators."""


@cli.command("invite")
@click.option("--email", default=None, help="Only this address may use the invitation.")
@click.option(
    "--right",
    default="administrator",
    show_default=True,
    type=click.Choice(people.RIGHTS),
    help="What the guest may do.",
)
@click.option("--community", default=None, help="Handle or name; the only one by default.")
@click.option("--json", "as_json", is_flag=True, help="Answer for a program.")
@click.pass_context
def invite_command(
    ctx: click.Context, email: str | None, right: str, community: str | None, as_json: bool
) -> None:
    """Print a one-time invitation link; before the first set-up, print the set-up link."""
    services: Services = ctx.obj["composition"]().services
    setup = first_start_link(services)
    if setup is not None:
        _say(as_json, {"kind": "setup", "url": setup}, f"Set Lantern up here, once: {setup}")
        return
    with services.units.system() as uow:
        place = _chosen(people.communities(uow), community)
        path = invite(uow, community_id=place.id, right=right, email=email)
        uow.commit()
    url = absolute(services.settings, path)
    facts = {"kind": "invitation", "url": url, "right": right, "community": place.handle}
    _say(as_json, facts, f"{right} of {place.name}, once, for 14 days: {url}")


def _chosen(known: list[people.Community], wanted: str | None) -> people.Community:
    if wanted is None and len(known) == 1:
        return known[0]
    for one in known:
        if wanted in (one.handle, one.name):
            return one
    names = ", ".join(f"{one.name} ({one.handle})" for one in known)
    raise click.ClickException(f"--community is needed: {names}")


def _say(as_json: bool, facts: dict[str, Any], text: str) -> None:
    click.echo(json.dumps(facts, default=str) if as_json else text)
