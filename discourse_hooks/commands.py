"""`lantern discourse …`: connect a forum, keep it quiet, look after its inbox."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, cast

import click

from discourse_hooks import (
    check_words,
    checks,
    connections,
    operating,
    reconciliation,
    request_commands,
)
from discourse_hooks.connections import Credentials, Forum
from discourse_hooks.models import Connection, InboxState
from discourse_hooks.pilot import PEOPLE
from plugin.kernel import urls
from plugin.kernel.services import Services
from plugin.people import public as people


def _services(ctx: click.Context) -> Services:
    return cast("Services", ctx.obj["composition"]().services)


def _say(as_json: bool, facts: Any, text: str) -> None:
    click.echo(json.dumps(facts, default=str) if as_json else text)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(name="discourse")
def cli() -> None:
    """Forums that run Discourse."""


cli.add_command(request_commands.requests_command)


@cli.command()
@click.option("--base-url", required=True, help="The forum's address.")
@click.option("--webhook-secret", required=True, help="Secret entered at the forum's webhooks.")
@click.option("--connect-secret", required=True, help="DiscourseConnect provider secret.")
@click.option("--api-key", required=True, help="API key for one bot user.")
@click.option("--api-username", required=True, help="The bot user.")
@click.option("--community", help="Handle of the community; needed when there are several.")
@click.option("--title", default="", help="The forum's name on pages.")
@click.option("--calls-per-minute", default=40, show_default=True, type=click.IntRange(1, 6000))
@click.option("--quiet/--not-quiet", default=None, help="Whether a new connection posts nothing.")
@click.option("--no-check", is_flag=True, help="Do not call the forum now.")
@json_option
@click.pass_context
def connect(
    ctx: click.Context,
    *,
    base_url: str,
    webhook_secret: str,
    connect_secret: str,
    api_key: str,
    api_username: str,
    community: str | None,
    title: str,
    calls_per_minute: int,
    quiet: bool | None,
    no_check: bool,
    as_json: bool,
) -> None:
    """Connect a forum, or renew what was entered for it.

    A new connection is quiet until it is switched on; in practice mode it posts at once.
    """
    services = _services(ctx)
    entered = Credentials(base_url, webhook_secret, connect_secret, api_key, api_username)
    with services.units.system() as uow:
        row = connections.connect(
            uow,
            services,
            _community(uow, community).id,
            entered,
            title=title,
            quiet=not services.settings.practice if quiet is None else quiet,
            calls_per_minute=calls_per_minute,
        )
        uow.commit()
        forum = connections.opened(services, row)
    look = None if no_check else _checked(services, forum)
    facts = {
        **_facts(services, forum),
        "checked": None if look is None else look.title or "the forum answers",
        "found": [] if look is None else [dataclasses.asdict(one) for one in look.found],
    }
    lines = [f"connection {forum.handle}", f"webhook    {facts['webhook_url']}"]
    lines += [] if look is None else _in_lines(look)
    _say(as_json, facts, "\n".join([*lines, *_to_enter(facts)]))


def _facts(services: Services, forum: Forum) -> dict[str, Any]:
    place = urls.absolute(services.settings, f"/discourse/{forum.handle}")
    return {
        "connection": forum.handle,
        "webhook_url": f"{place}/events",
        "signin_url": f"{place}/signin",
        "quiet": forum.quiet,
    }


def _community(uow: Any, handle: str | None) -> people.Community:
    known = people.communities(uow)
    if handle is not None:
        known = [one for one in known if one.handle == handle]
    if len(known) == 1:
        return known[0]
    what = "there are several: name one with --community" if known else "there is none yet"
    raise click.ClickException(f"community: {what if handle is None else 'not found'}")


def _checked(services: Services, forum: Forum) -> checks.Look:
    look = checks.check(services, forum)
    if look.bad:
        said = "; ".join(f"{one.title}: {one.said}" for one in check_words.lines(look.bad))
        raise click.ClickException(f"{said} (saved as {forum.handle})")
    return look


def _in_lines(look: checks.Look) -> list[str]:
    return [
        f"  {line.verdict:4}  {line.title:30}  {line.said}"
        for line in check_words.lines(look.found)
    ]


def _to_enter(facts: dict[str, Any]) -> list[str]:
    """What the forum's administrator does next, by Discourse's own names."""
    return [
        f"first webhook (content, categories as you like)  {facts['webhook_url']}/content",
        *(f"  {group}: {', '.join(names)}" for group, names in check_words.CONTENT_EVENTS.items()),
        f"second webhook (people, no category)             {facts['webhook_url']}/people",
        *(f"  {group}: {', '.join(names)}" for group, names in check_words.PEOPLE_EVENTS.items()),
        "then press Ping at both, and run 'lantern discourse check'",
        f"scopes of the API key: {', '.join(check_words.SCOPES)}",
    ]


@cli.command()
@click.option("--connection", "handle", help="The connection's handle; all when left out.")
@json_option
@click.pass_context
def check(ctx: click.Context, *, handle: str | None, as_json: bool) -> None:
    """Check address, key, scopes, bot user and webhooks; writes nothing in the forum."""
    services = _services(ctx)
    facts: list[dict[str, Any]] = []
    lines: list[str] = []
    bad = False
    for forum in connections.all_of_them(services):
        if handle in (None, forum.handle):
            look = checks.check(services, forum)
            bad = bad or bool(look.bad)
            with services.units.system_reading() as uow:
                row = uow.session.get_one(Connection, forum.id)
                pings = {"content": row.content_ping_at, "people": row.people_ping_at}
            found = [dataclasses.asdict(one) for one in look.found]
            facts.append({"connection": forum.handle, "found": found, "pings": pings})
            lines += [f"{forum.handle}  {forum.base_url}", *_in_lines(look)]
            lines += [f"  last ping of {name}: {at or 'none yet'}" for name, at in pings.items()]
    _say(as_json, facts, "\n".join(lines) or "no forum is connected")
    if bad:
        ctx.exit(1)


@cli.command()
@click.option("--connection", "handle", required=True, help="The connection's handle.")
@click.option("--category", required=True, type=int, help="Number of the category.")
@click.option("--people", default=PEOPLE, show_default=True, type=click.IntRange(1, 1000))
@json_option
@click.pass_context
def pilot(ctx: click.Context, *, handle: str, category: int, people: int, as_json: bool) -> None:
    """Post to the first so many people only, and look at one category."""
    with _services(ctx).units.system() as uow:
        connections.start_pilot(uow, handle, category_id=category, people=people)
        uow.commit()
    facts = {"connection": handle, "category": category, "people": people}
    _say(as_json, facts, f"a pilot with {people} people in category {category}")


@cli.command()
@click.option("--connection", "handle", required=True, help="The connection's handle.")
@click.option("--webhook-secret", required=True, help="The new secret.")
@json_option
@click.pass_context
def secret(ctx: click.Context, *, handle: str, webhook_secret: str, as_json: bool) -> None:
    """Let a new webhook secret count beside the old one."""
    services = _services(ctx)
    with services.units.system() as uow:
        connections.change_webhook_secret(uow, services, handle, webhook_secret)
        uow.commit()
    _say(as_json, {"connection": handle}, "both secrets count until the next change")


@cli.command(name="list")
@json_option
@click.pass_context
def list_connections(ctx: click.Context, *, as_json: bool) -> None:
    """List the connected forums."""
    forums = connections.all_of_them(_services(ctx))
    facts = [
        {"connection": forum.handle, "base_url": forum.base_url, "quiet": forum.quiet}
        for forum in forums
    ]
    lines = [f"{one.handle}  {one.base_url}{'  quiet' if one.quiet else ''}" for one in forums]
    _say(as_json, facts, "\n".join(lines) or "no forum is connected")


@cli.command()
@click.argument("switch", type=click.Choice(["on", "off"]))
@click.option("--connection", "handle", required=True, help="The connection's handle.")
@json_option
@click.pass_context
def quiet(ctx: click.Context, *, switch: str, handle: str, as_json: bool) -> None:
    """Switch quiet on (nothing is posted) or off."""
    with _services(ctx).units.system() as uow:
        connections.set_quiet(uow, handle, quiet=switch == "on")
        uow.commit()
    _say(as_json, {"connection": handle, "quiet": switch == "on"}, f"quiet is {switch}")


@cli.command()
@json_option
@click.pass_context
def reconcile(ctx: click.Context, *, as_json: bool) -> None:
    """Look now for what never arrived."""
    services = _services(ctx)
    facts = [
        {"connection": forum.handle, **vars(reconciliation.reconcile(services, forum))}
        for forum in connections.all_of_them(services)
    ]
    lines = [f"{f['connection']}: {f['marked']} of {f['looked_at']} to be read" for f in facts]
    _say(as_json, facts, "\n".join(lines) or "no forum is connected")


@cli.group()
def inbox() -> None:
    """Deliveries of the forums."""


@inbox.command(name="list")
@click.option("--state", type=click.Choice([state.value for state in InboxState]))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@json_option
@click.pass_context
def inbox_list(ctx: click.Context, *, state: str | None, limit: int, as_json: bool) -> None:
    """List deliveries, newest first."""
    with _services(ctx).units.system_reading() as uow:
        rows = operating.listed(uow, state=InboxState(state) if state else None, limit=limit)
        counted = operating.counts(uow)
    facts = {"counts": counted, "deliveries": [dataclasses.asdict(row) for row in rows]}
    lines = [f"{r.id}  {r.state:8}  {r.event_name:32}  {r.outcome}" for r in rows]
    summary = ", ".join(f"{count} {name}" for name, count in sorted(counted.items()))
    _say(as_json, facts, "\n".join([*lines, summary or "nothing has come yet"]))


@inbox.command(name="replay")
@click.argument("ids", nargs=-1)
@click.option("--parked", is_flag=True, help="All that are parked.")
@json_option
@click.pass_context
def inbox_replay(ctx: click.Context, *, ids: tuple[str, ...], parked: bool, as_json: bool) -> None:
    """Handle deliveries again; effects stay the same once."""
    services = _services(ctx)
    with services.units.system() as uow:
        chosen = operating.ids_in(uow, InboxState.PARKED) if parked else operating.parse_ids(ids)
        count = operating.replay(uow, chosen)
        uow.commit()
    services.jobs.wake()
    _say(as_json, {"replayed": count}, f"{count} deliveries are handled again")


@inbox.command(name="park")
@click.argument("ids", nargs=-1, required=True)
@click.option("--reason", default="set aside by an operator", show_default=True)
@json_option
@click.pass_context
def inbox_park(ctx: click.Context, *, ids: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Set waiting deliveries aside."""
    with _services(ctx).units.system() as uow:
        count = operating.park(uow, operating.parse_ids(ids), reason)
        uow.commit()
    _say(as_json, {"parked": count}, f"{count} deliveries are parked")
