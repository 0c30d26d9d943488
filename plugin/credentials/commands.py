"""`lantern credentials …`: taking out, checking, taking back and signing again by an operator."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from plugin.credentials import jsonld, queries
from plugin.credentials.errors import CredentialError
from plugin.credentials.models import Credential
from plugin.credentials.queries import CredentialView
from plugin.credentials.services import delivering, keys, renewing, revoking
from plugin.credentials.services.examining import examine, text_of
from plugin.credentials.services.issuers import community_issuer
from plugin.credentials.verdicts import BAD, WARN
from plugin.kernel.services import Services
from plugin.kernel.unit_of_work import UnitOfWork

FORMS = (delivering.JSON, delivering.JWT, delivering.PNG, delivering.SVG)
_MARKS = {"good": "good", "warn": "OPEN", "bad": "BAD ", "quiet": "-   "}


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Answer for a program.")(command)


@click.group("credentials")
def cli() -> None:
    """Credentials: export, check, take back, sign again."""


@cli.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--form", default="json", type=click.Choice(FORMS), show_default=True)
@click.option("--handle", default="", help="Only this credential (the last part of its address).")
@_json_option
@click.pass_context
def export(ctx: click.Context, folder: Path, form: str, handle: str, as_json: bool) -> None:
    """Write every credential that was issued here into FOLDER, one file each."""
    services: Services = ctx.obj["composition"]().services
    folder.mkdir(parents=True, exist_ok=True)
    jsonld.warm()
    written = []
    for community in _communities(services):
        with services.units.community(community) as uow:
            for found in _views(uow, handle):
                ready = delivering.deliver(uow, services.vault, found, form)
                path = folder / f"{found.handle}.{form}"
                path.write_bytes(ready.content)
                written.append(str(path))
            uow.commit()
    _answer(as_json, {"files": written}, f"{len(written)} files in {folder}.")


@cli.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_json_option
@click.pass_context
def verify(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Check the credential in FILE (.json, .jwt, .png or .svg), of any issuer."""
    services: Services = ctx.obj["composition"]().services
    try:
        found = examine(services, text_of(file.read_bytes()))
    except CredentialError as problem:
        raise click.ClickException(f"not a credential: {problem}") from problem
    steps = [
        {"about": c.subject, "verdict": c.verdict, "says": c.words.title, "detail": c.detail}
        for c in found.checks
    ]
    lines = [f"{_MARKS[s['verdict']]}  {s['says']}  {s['detail']}".rstrip() for s in steps]
    _answer(as_json, {"verdict": found.verdict, "steps": steps}, "\n".join(lines))
    sys.exit({BAD: 1, WARN: 3}.get(found.verdict, 0))


@cli.command("revoke")
@click.argument("handle")
@click.option("--reason", required=True, help="The holder and every reader see it.")
@click.option("--suspend", is_flag=True, help="For now only; --restore ends it.")
@_json_option
@click.pass_context
def revoke(ctx: click.Context, handle: str, reason: str, suspend: bool, as_json: bool) -> None:
    """Take a credential back for good (HANDLE is the last part of its address)."""
    services: Services = ctx.obj["composition"]().services
    action = revoking.SUSPEND if suspend else revoking.REVOKE
    with _row(services, handle) as (uow, row):
        changed = revoking.change(
            uow, services.vault, [row], action=action, reason=reason, actor=None
        )
        uow.commit()
    _answer(
        as_json,
        {"handle": handle, "changed": bool(changed)},
        "Done. Readers see it at once." if changed else "It was so already.",
    )


@cli.command("restore")
@click.argument("handle")
@_json_option
@click.pass_context
def restore(ctx: click.Context, handle: str, as_json: bool) -> None:
    """End the suspension of a credential."""
    services: Services = ctx.obj["composition"]().services
    with _row(services, handle) as (uow, row):
        changed = row.suspended_at is not None
        revoking.restore(uow, services.vault, row, actor=None)
        uow.commit()
    _answer(as_json, {"handle": handle, "changed": changed}, "It counts again.")


@cli.command("reissue")
@click.argument("handle")
@click.option("--renew", is_flag=True, help="For another term, where it expires.")
@_json_option
@click.pass_context
def reissue(ctx: click.Context, handle: str, renew: bool, as_json: bool) -> None:
    """Sign a credential again, under the same identifier, with today's key and words."""
    services: Services = ctx.obj["composition"]().services
    with _row(services, handle) as (uow, row):
        if renew:
            renewing.renew(uow, services.vault, row, actor=None)
        else:
            renewing.reissue(uow, services.vault, row, actor=None)
        uow.commit()
    _answer(as_json, {"handle": handle}, "Signed again. The newest edition replaces the others.")


@cli.command("rotate-keys")
@_json_option
@click.pass_context
def rotate_keys(ctx: click.Context, as_json: bool) -> None:
    """Give every issuer fresh keys to sign with; the older ones stay published."""
    services: Services = ctx.obj["composition"]().services
    rotated = 0
    for community in _communities(services):
        with services.units.community(community) as uow:
            issuer = community_issuer(uow)
            if issuer is not None:
                keys.add_key(uow, services.vault, issuer)
                keys.add_jwt_key(uow, services.vault, issuer)
                rotated += 1
            uow.commit()
    _answer(as_json, {"issuers": rotated}, f"{rotated} issuers sign with fresh keys.")


def _communities(services: Services) -> list[Any]:
    with services.units.system_reading() as system:
        return list(queries.communities_that_issue(system))


def _views(uow: UnitOfWork, handle: str) -> list[CredentialView]:
    if handle:
        found = queries.credential(uow, handle)
        return [found] if found else []
    handles = uow.session.scalars(sa.select(Credential.handle).order_by(Credential.id)).all()
    return [view for view in (queries.credential(uow, each) for each in handles) if view]


@contextmanager
def _row(services: Services, handle: str) -> Iterator[tuple[UnitOfWork, Credential]]:
    jsonld.warm()
    with services.units.system_reading() as system:
        community = queries.community_at(system, handle, "credential")
    if community is None:
        raise LookupError(f"no credential has the handle {handle}")
    with services.units.community(community) as uow:
        row = queries.credential_row(uow, handle)
        if row is None:
            raise LookupError(f"no credential has the handle {handle}")
        yield uow, row


def _answer(as_json: bool, facts: dict[str, Any], text: str) -> None:
    click.echo(json.dumps(facts) if as_json else text)
