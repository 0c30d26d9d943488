"""What newcomers raises beyond the kernel's refusals."""

from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _


class NoNewcomer(NotFound):
    """There is no such newcomer here."""

    def __init__(self) -> None:
        super().__init__("newcomers.none", _("There is no such newcomer here."))
