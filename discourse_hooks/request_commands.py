"""``lantern discourse requests``: which topics ask for help or a review."""

from __future__ import annotations

import json
from typing import cast

import click

from discourse_hooks import connections, requests
from plugin.kernel.errors import DomainError
from plugin.kernel.services import Services


@click.command(name="requests")
@click.argument("connection")
@click.option("--help-tag", multiple=True, help="Topics with this tag ask for help.")
@click.option("--review-tag", multiple=True, help="Topics with this tag ask for a review.")
@click.option("--help-category", multiple=True, type=int, help="Id of a category, likewise.")
@click.option("--review-category", multiple=True, type=int, help="Id of a category, likewise.")
@click.option("--none", "clear", is_flag=True, help="Forget all rules first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def requests_command(
    ctx: click.Context,
    *,
    connection: str,
    help_tag: tuple[str, ...],
    review_tag: tuple[str, ...],
    help_category: tuple[int, ...],
    review_category: tuple[int, ...],
    clear: bool,
    as_json: bool,
) -> None:
    """Say which topics of a forum are requests; without options, print what is said already.

    Lantern shows at each such topic how it stands, by one of its own tags (help-waiting,
    help-taken, help-answered and the same for reviews); the key needs the scope "topics: update".
    """
    services = cast("Services", ctx.obj["composition"]().services)
    forum = connections.by_handle(services, connection)
    if forum is None:
        raise click.ClickException("there is no such forum connection")
    if clear:
        requests.remove_rules(services, forum)
    try:
        for kind, tags, categories in (
            ("help", help_tag, help_category),
            ("review", review_tag, review_category),
        ):
            for tag in tags:
                requests.add_rule(services, forum, kind, tag=tag)
            for category_id in categories:
                requests.add_rule(services, forum, kind, category_id=category_id)
    except DomainError as error:
        detail = "; ".join(getattr(error, "fields", {}).values())
        raise click.ClickException(f"{error.message} {detail}".strip()) from error
    with services.units.reading(forum.community_id) as uow:
        shown = [
            {"kind": rule.kind, "tag": rule.tag, "category": rule.category_id or None}
            for rule in requests.rules(uow, forum)
        ]
    lines = [f"{r['kind']}: {r['tag'] or 'category ' + str(r['category'])}" for r in shown]
    click.echo(json.dumps(shown) if as_json else "\n".join(lines) or "No topic is a request here.")
