"""What others may call. The web is open to all floors above it; this names what it keeps."""

from plugin.web.invitations import Invitation, invite, open_ones, withdraw
from plugin.web.person_data import PERSON_DATA

__all__ = ["PERSON_DATA", "Invitation", "invite", "open_ones", "withdraw"]
