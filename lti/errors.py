"""Why a message from a platform is not let in.

Every refusal is one class with a code (for the audit trail and the log) and a sentence that the
person in front of the page can act on. Codes name the check, never the secret that failed it.
"""

from datetime import timedelta

from plugin.kernel.errors import DomainError, Unavailable
from plugin.kernel.i18n import _


class LaunchRefused(DomainError):
    """The message is not let in; nothing was changed by it."""

    status = 403
    # Where a verified message asked us to send the person back to; None before that is known.
    return_url: str | None = None

    def __init__(self, code: str, message: str | None = None, *, detail: str = "") -> None:
        super().__init__(
            code, message or _("This link could not be checked, so it was not opened.")
        )
        self.detail = detail

    @property
    def advice(self) -> str:
        """What the person can do next."""
        return _(
            "Go back to your course and open the activity again. If that does not help, tell "
            "your teacher the reference below."
        )


class BadMessage(LaunchRefused):
    """The request lacks something or has the wrong shape: the platform's fault, or hand-made."""

    status = 400


class LinkUsed(LaunchRefused):
    """The single use of this login was spent: a reload, a step back, or a replay."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "link_used", _("This link was used already; open the activity again from your course.")
        )


class CookieMissing(LaunchRefused):
    """The browser did not bring back the cookie that ties it to this login.

    Either the browser blocks cookies inside the course page (the common case, answered with a way
    into a new tab) or somebody else's login was posted from this browser.
    """

    def __init__(self) -> None:
        super().__init__(
            "cookie_missing",
            _("Your browser does not keep cookies here, so we cannot tell that it is you."),
        )

    @property
    def advice(self) -> str:
        return _(
            "Go back to your course and open the activity in a new window, or allow cookies for "
            "this site and open it again."
        )


class NotRegistered(LaunchRefused):
    """Issuer, client or deployment is unknown, waiting for approval or blocked."""

    @property
    def advice(self) -> str:
        return _("Open the activity again after they have told you that it is connected.")


class RegistrationFailed(DomainError):
    """A platform could not register itself; the message says why, in the administrator's words."""

    status = 400

    def __init__(self, code: str, message: str, *, detail: str = "") -> None:
        super().__init__(code, message)
        self.detail = detail


class KeysUnavailable(Unavailable):
    """The platform's key set cannot be read just now and nothing usable is in the cache."""

    def __init__(self, *, detail: str, after: timedelta = timedelta(seconds=30)) -> None:
        super().__init__(
            "key_set_unavailable",
            _("Your learning platform does not answer just now. Please try again in a minute."),
            after,
        )
        self.detail = detail
