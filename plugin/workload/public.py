"""What other packages may use of the time ledger and of the queues.

All functions take an open unit of work and never commit, so that a claim, the minutes it takes and
the feature's own rows are one transaction.
"""

from plugin.workload.errors import KeyTaken, NoSuchItem
from plugin.workload.models import DEFAULT_MINUTES_PER_WEEK, ItemState, LeaseState
from plugin.workload.person_data import PERSON_DATA
from plugin.workload.queries import (
    CapacityView,
    Given,
    capacities,
    capacity,
    free,
    spent,
    time_given,
)
from plugin.workload.queue_queries import (
    ItemView,
    LeaseView,
    LogEntry,
    anything_due,
    ending,
    item,
    items,
    items_by_key,
    lease,
    leases,
    leases_of,
    position,
    queue_log,
    wait_estimate,
    waiting,
)
from plugin.workload.services.leases import (
    Expired,
    Finished,
    expire_due,
    finish,
    hand_back,
    renew,
)
from plugin.workload.services.ledger import (
    book,
    confirm,
    expire_reservations,
    release,
    reserve,
    set_capacity,
)
from plugin.workload.services.offer import enqueue, set_wanted, withdraw
from plugin.workload.services.take import Exclusions, NotTaken, Taken, available, take
from plugin.workload.waits import WaitEstimate
from plugin.workload.weeks import monday_of, week_after, week_of

__all__ = [
    "DEFAULT_MINUTES_PER_WEEK",
    "PERSON_DATA",
    "CapacityView",
    "Exclusions",
    "Expired",
    "Finished",
    "Given",
    "ItemState",
    "ItemView",
    "KeyTaken",
    "LeaseState",
    "LeaseView",
    "LogEntry",
    "NoSuchItem",
    "NotTaken",
    "Taken",
    "WaitEstimate",
    "anything_due",
    "available",
    "book",
    "capacities",
    "capacity",
    "confirm",
    "ending",
    "enqueue",
    "expire_due",
    "expire_reservations",
    "finish",
    "free",
    "hand_back",
    "item",
    "items",
    "items_by_key",
    "lease",
    "leases",
    "leases_of",
    "monday_of",
    "position",
    "queue_log",
    "release",
    "renew",
    "reserve",
    "set_capacity",
    "set_wanted",
    "spent",
    "take",
    "time_given",
    "wait_estimate",
    "waiting",
    "week_after",
    "week_of",
    "withdraw",
]
