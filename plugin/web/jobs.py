"""Sessions, one-time ways in and mailed codes that have run out are removed."""

from datetime import timedelta

from plugin.kernel.dispatch import every
from plugin.kernel.services import Services
from plugin.web import mail_codes, session_store


def forget_ended(services: Services) -> None:
    """Remove what no longer opens anything."""
    with services.units.system() as uow:
        session_store.forget_ended(uow)
        mail_codes.forget_ended(uow)
        uow.commit()


SCHEDULES = (every(timedelta(hours=1), "web.forget_ended", forget_ended),)
