"""What a check of a credential says, in words for a reader who knows nothing of credentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from plugin.kernel.i18n import lazy

GOOD, WARN, BAD, QUIET = "good", "warn", "bad", "quiet"


class Words(Enum):
    """One result each: a short title and what it means."""

    PROOF_FITS = (
        lazy("The signature fits"),
        lazy("Nothing was changed since it was signed."),
    )
    PROOF_FAILS = (
        lazy("The signature does not fit"),
        lazy("Do not rely on what it says. Ask whoever gave it to you for the original file."),
    )
    NOT_COVERED = (
        lazy("Part of it is not covered by the signature"),
        lazy("It has a member that readers do not know or would misread: do not rely on it."),
    )
    KEYS_NOT_REACHED = (
        lazy("The signature could not be checked"),
        lazy("The issuer's public keys could not be fetched just now. Try again later."),
    )
    ISSUER_OURS = (
        lazy("The issuer is known here"),
        lazy("It was issued here, and the key is one of the issuer's."),
    )
    ISSUER_PROVEN = (
        lazy("The issuer's domain confirms the key"),
        lazy("Whoever runs that domain signed this. Whether you trust them is up to you."),
    )
    ISSUER_IS_A_KEY = (
        lazy("Issuer unproven"),
        lazy("The issuer is only a key. Who holds it cannot be seen from this file."),
    )
    ISSUER_UNPROVEN = (
        lazy("Issuer unproven"),
        lazy(
            "The key stands in the file itself, so anybody could have signed in the name of this "
            "address. Ask the issuer whether it is theirs."
        ),
    )
    ISSUER_UNKNOWN = (
        lazy("Nothing can be said of the issuer"),
        lazy("Without a fitting signature, the name in the file means nothing."),
    )
    NOT_REVOKED = (lazy("Not withdrawn"), lazy("The issuer's list says that it counts."))
    REVOKED = (lazy("Withdrawn"), lazy("The issuer's list says that it no longer counts."))
    SUSPENDED = (
        lazy("Suspended or withdrawn"),
        lazy("The issuer's list says that it does not count now."),
    )
    NO_STATUS = (
        lazy("The issuer keeps no list"),
        lazy("It cannot be seen whether it was withdrawn later."),
    )
    STATUS_NOT_READ = (
        lazy("Its list is of a kind that we do not read"),
        lazy("It cannot be seen here whether it was withdrawn later."),
    )
    STATUS_FAILS = (
        lazy("Whether it was withdrawn could not be checked"),
        lazy("The issuer's list could not be fetched or does not fit."),
    )
    NO_END = (lazy("It has no end"), lazy("It was issued without a last day."))
    UNTIL = (lazy("It has not ended"), lazy("Its last day is still ahead."))
    EXPIRED = (lazy("It has expired"), lazy("It counted until its last day."))
    NOT_YET = (lazy("It does not count yet"), lazy("Its first day is still ahead."))
    DATES_WRONG = (lazy("Its dates cannot be read"), lazy("A date is missing or has no time zone."))
    SHAPE_FITS = (
        lazy("It has the shape of Open Badges 3.0"),
        lazy("Other programs can read it too."),
    )
    SHAPE_WRONG = (
        lazy("It does not have the shape of Open Badges 3.0"),
        lazy("Other programs may refuse it."),
    )
    OTHER_KIND = (
        lazy("It is no badge"),
        lazy("It is another kind of credential: its shape was not checked."),
    )
    ENDORSEMENT_FITS = (
        lazy("Somebody vouches for it"),
        lazy("The signature of the endorsement inside fits."),
    )
    ENDORSEMENT_FAILS = (
        lazy("An endorsement inside does not fit"),
        lazy("Do not count it."),
    )

    @property
    def title(self) -> str:
        return str(self.value[0])

    @property
    def meaning(self) -> str:
        return str(self.value[1])


@dataclass(frozen=True)
class Check:
    """One step: what it was about, how it went, what that means; `detail` is for experts."""

    subject: str
    verdict: str
    words: Words
    detail: str = ""


@dataclass(frozen=True)
class Examined:
    """The whole: the document as it was read, and each step."""

    document: Mapping[str, Any]
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> str:
        """The worst of all steps; what could not be checked is no reason to be sure."""
        found = {check.verdict for check in self.checks}
        return next((verdict for verdict in (BAD, WARN) if verdict in found), GOOD)

    def said(self, *path: str) -> str:
        """A text of the document, shortened; empty when it is not there."""
        value: Any = self.document
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value[:300] if isinstance(value, str) else ""

    @property
    def holder(self) -> str:
        """The name of the holder, if the document says one in the clear."""
        subject = self.document.get("credentialSubject")
        found = subject.get("identifier") if isinstance(subject, dict) else None
        for item in (found if isinstance(found, list) else [])[:10]:
            if isinstance(item, dict) and item.get("identityType") == "name":
                name = item.get("identityHash")
                return name[:200] if isinstance(name, str) else ""
        return ""
