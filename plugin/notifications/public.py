"""What other packages may call."""

from plugin.notifications.kinds import KINDS
from plugin.notifications.links import Action, SignedAction, signed_action
from plugin.notifications.person_data import PERSON_DATA
from plugin.notifications.queries import unreachable, wishes
from plugin.notifications.services import notify, set_preference, set_quiet_hours

__all__ = [
    "KINDS",
    "PERSON_DATA",
    "Action",
    "SignedAction",
    "notify",
    "set_preference",
    "set_quiet_hours",
    "signed_action",
    "unreachable",
    "wishes",
]
