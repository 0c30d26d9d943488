"""The answer of a policy: allowed, or denied with the reason that the page shows."""

from dataclasses import dataclass

from plugin.kernel.errors import Refused


@dataclass(frozen=True)
class Decision:
    """What a policy says about actor and object. ``reason`` is a translated sentence."""

    allowed: bool
    reason: str = ""
    code: str = "refused"

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(allowed=True)


def denied(reason: str, code: str = "refused") -> Decision:
    """Return a denial with its reason, in the reader's language."""
    return Decision(allowed=False, reason=reason, code=code)


def require(decision: Decision) -> None:
    """Raise :class:`Refused` with the reason unless the decision allows."""
    if not decision.allowed:
        raise Refused(decision.code, decision.reason)
