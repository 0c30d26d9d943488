"""What each kind of event means: which things of the forum must be read again, if any.

A handler is called in the unit of work that settles its inbox row, with facts already read from
the payload. It trusts only ids: the event's own name is not signed, and order is not kept. An
event type without a handler is ignored and counted.
"""

from discourse_hooks.handlers.outcome import Event, Handler, Outcome
from discourse_hooks.handlers.table import HANDLERS

__all__ = ["HANDLERS", "Event", "Handler", "Outcome"]
