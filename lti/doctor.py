"""What `lantern doctor` asks about each platform: key set, clock, token, deployments, our keys."""

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from lti import callers, checking, keys, registrations
from lti.models import DeploymentStatus, Registration, RegistrationStatus
from plugin.kernel.doctor import Check, Finding, Verdict
from plugin.kernel.services import Services

_OLD_KEY = timedelta(days=400)


def check_platforms(services: Services) -> Iterable[Finding]:
    """Each registration: can its keys be read, are the clocks close, does it give us tokens?"""
    with services.units.system_reading() as uow:
        rows = uow.session.scalars(sa.select(Registration)).all()
        found = [registrations.view_of(row) for row in rows]
    for registration in found:
        if registration.status is RegistrationStatus.BLOCKED:
            continue
        name = f"lti {registration.issuer} ({registration.client_id})"
        for one in checking.check(services, registration):
            yield Finding(name, one.verdict, f"{one.what}: {one.said}", one.advice)


def check_doors(services: Services) -> Iterable[Finding]:
    """Deployments that wait, and callers that nobody registered."""
    with services.units.system_reading() as uow:
        deployments = registrations.deployments(uow)
        waiting = [
            registrations.view_of(row)
            for row in uow.session.scalars(
                sa.select(Registration).where(Registration.status == RegistrationStatus.PENDING)
            )
        ]
        unknown = callers.unknown_callers(uow)
    for registration in waiting:
        yield Finding(
            f"lti {registration.issuer}",
            Verdict.WARN,
            "the registration waits for approval",
            "Administration, Courses; or run 'lantern lti approve'",
        )
    for one in deployments:
        if one.status is DeploymentStatus.PENDING:
            yield Finding(
                f"lti {one.registration.issuer}",
                Verdict.WARN,
                f"deployment {one.deployment_id} waits for approval",
                "Administration, Courses; or run 'lantern lti approve'",
            )
    for caller in unknown:
        yield Finding(
            f"lti {caller.issuer}",
            Verdict.WARN,
            f"client {caller.client_id or '(none)'} knocked {caller.times} times and is unknown "
            f"(last reference {caller.reference})",
            "run 'lantern lti add-platform' if it is yours",
        )


def check_signing_keys(services: Services) -> Iterable[Finding]:
    """We have a key to sign with, and it is not ancient."""
    ages = keys.live_key_ages(services)
    if ages and ages[0] > _OLD_KEY:
        yield Finding(
            "lti keys",
            Verdict.WARN,
            f"the newest is {ages[0].days} days old",
            "run 'lantern lti rotate-keys'",
        )
    else:
        yield Finding("lti keys", Verdict.GOOD, f"{len(ages)} published")


CHECKS: tuple[Check, ...] = (check_platforms, check_doors, check_signing_keys)
