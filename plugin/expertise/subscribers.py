"""When an account turns out to be a person's, its contributions become that person's."""

from plugin.events.people import IdentityLinked
from plugin.expertise.services import announce_for_identity
from plugin.kernel.dispatch import on
from plugin.kernel.unit_of_work import UnitOfWork


def _on_identity_linked(uow: UnitOfWork, event: IdentityLinked) -> None:
    """Announce again what the account did, with its person. Settled with the delivery (once);
    hearers take the contribution's id as their key."""
    announce_for_identity(uow, event.identity_id)


SUBSCRIPTIONS = (on(IdentityLinked, "expertise.announce_for_person", _on_identity_linked),)
