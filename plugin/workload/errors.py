"""Why the ledger or a queue says no."""

from plugin.kernel.errors import Conflict, NotFound


class KeyTaken(Conflict):
    """A reservation key already stands for other time or another person."""

    def __init__(self, key: str) -> None:
        super().__init__("workload.key_taken", f"The reservation {key} exists with other facts.")


class NoSuchItem(NotFound):
    """The queue holds no such item."""

    def __init__(self, item_key: str) -> None:
        super().__init__("workload.no_such_item", f"The queue holds no item {item_key}.")
