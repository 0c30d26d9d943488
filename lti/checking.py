"""“Check this registration”: key set, clock and token of one platform, now.

Used by the administrator's button, `lantern lti check` and `lantern doctor`. It calls the platform,
so no unit of work is open meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

from lti.advantage import nrps, tokens
from lti.keysets import read_key_set
from lti.registered import RegistrationView
from plugin.kernel.doctor import Verdict
from plugin.kernel.http import Answer, RemoteCallFailed
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.services import Services

SKEW = timedelta(seconds=30)


@dataclass(frozen=True)
class Found:
    """One thing that was looked at. ``advice`` says how to mend what is not well."""

    what: str
    verdict: Verdict
    said: str
    advice: str = ""


def check(services: Services, registration: RegistrationView) -> list[Found]:
    """Everything that can be tried without a person, in a fixed order."""
    return [*_keys_and_clock(services, registration), _token(services, registration)]


def _keys_and_clock(services: Services, registration: RegistrationView) -> Iterator[Found]:
    name = _("Its keys")
    advice = _("Look at the address of the key set, and whether this machine may reach it.")
    try:
        answer = services.http.request(
            "GET",
            registration.key_set_url,
            headers={"Accept": "application/json"},
            timeout=(3, 5),
            max_bytes=200_000,
            most_seconds=10,
        )
        usable = len(read_key_set(answer.json()).keys) if answer.ok else 0
    except RemoteCallFailed as error:
        yield Found(name, Verdict.BAD, error.reason, advice)
        return
    except ValueError:
        yield Found(name, Verdict.BAD, _("no key set at this address"), advice)
        return
    if not usable:
        said = _("answered %(status)s without a usable key", status=answer.status)
        yield Found(name, Verdict.BAD, said, advice)
        return
    said = ngettext("%(n)d usable key", "%(n)d usable keys", usable)
    yield Found(name, Verdict.GOOD, said)
    yield from _clock(services, answer)


def _clock(services: Services, answer: Answer) -> Iterator[Found]:
    try:
        told = parsedate_to_datetime(answer.headers.get("Date", ""))
        skew = abs(services.clock.now() - told)
    except (ValueError, TypeError):
        return
    seconds = round(skew.total_seconds())
    if skew <= SKEW:
        yield Found(_("Its clock"), Verdict.GOOD, _("agrees with ours"))
        return
    yield Found(
        _("Its clock"),
        Verdict.WARN,
        ngettext("%(n)d second apart", "%(n)d seconds apart", seconds),
        _("Set both machines by a time server: launches are valid for a minute only."),
    )


def _token(services: Services, registration: RegistrationView) -> Found:
    name = _("Access to its services")
    try:
        tokens.access_token(services, registration, (nrps.SCOPE,))
    except RemoteCallFailed as error:
        return Found(
            name,
            Verdict.WARN,
            error.reason,
            _(
                "The platform must reach our key set, and allow the list of people. A Moodle with "
                "default settings refuses private addresses and ports other than 80 and 443: Site "
                "administration, Security, HTTP security."
            ),
        )
    return Found(name, Verdict.GOOD, _("a token was given"))
