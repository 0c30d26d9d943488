"""What a forum may answer besides a result.

A limit, a fault and silence all mean "later" and become the kernel's :class:`Later`. Only a
refusal that another try would meet again is an error of its own.
"""

from __future__ import annotations


class ForumRefused(Exception):
    """The forum understood the call and said no (400, 403, 422 …)."""

    def __init__(self, status: int, reason: str, call: str) -> None:
        super().__init__(f"{call}: {status} {reason}")
        self.status = status
        self.reason = reason
        self.call = call

    def for_operator(self) -> str:
        """What an operator can do about it, in one sentence."""
        if self.status in {401, 403}:
            return f"The forum refused {self.call}: check the API key's scopes and the bot's rights"
        return f"The forum refused {self.call} ({self.status}): {self.reason}"
