"""Who may take a right back: nobody takes the last administrator's."""

from plugin.kernel.i18n import _
from plugin.kernel.policy import ALLOWED, Decision, denied
from plugin.people.public import ADMINISTRATOR


def may_withdraw(right: str, holders: int) -> Decision:
    """A community keeps at least one administrator."""
    if right == ADMINISTRATOR and holders <= 1:
        return denied(
            _("This is the last administrator. Invite another one first."), "last_administrator"
        )
    return ALLOWED
