"""What Lantern caused is recognised by another process too, one that never made a call itself."""

import json
import pickle
import subprocess
import sys

import pytest
import sqlalchemy as sa

from discourse_hooks import signature
from discourse_hooks.inbox import Arrival, Received, receive
from discourse_hooks.models import ForumSpace, InboxMessage, Touched
from tests.discourse_hooks.conftest import SECRET, Practice, admit
from tests.discourse_hooks.test_wants import want
from tests.discourse_hooks.test_wants_out import topic_wanted

# A process of its own: nothing that was remembered here is there.
HANDLES = """
import pickle, sys
from discourse_hooks import processing
from discourse_hooks.extension import extension
from plugin.app import compose
settings, clock = pickle.load(sys.stdin.buffer)
made = compose(settings, extensions=(extension,), clock=clock)
print(processing.process_inbox(made.services))
made.services.units.engine.dispose()
"""


def handled_elsewhere(practice: Practice) -> int:
    """Let a fresh process handle the inbox; how many deliveries it handled."""
    given = pickle.dumps((practice.services.settings, practice.clock))
    done = subprocess.run(
        [sys.executable, "-c", HANDLES], input=given, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return int(done.stdout.split()[-1])


def arrives(practice: Practice, event_id: str, event_name: str, topic_id: int) -> None:
    body = json.dumps({"topic": {"id": topic_id, "archetype": "regular"}}).encode()
    sent = Arrival(body, signature.signature(SECRET, body), event_id, "topic", event_name)
    assert receive(practice.services.units, practice.connection, sent) is Received.STORED


@pytest.mark.parametrize("event_name", ["topic_created", "topic_edited"])
def test_our_own_topic_ends_in_another_process_and_a_foreign_one_is_read(
    practice: Practice, event_name: str
) -> None:
    mira = admit(practice.services, practice, "mira_k")
    want(practice, topic_wanted(mira.id))
    with practice.services.units.reading(practice.connection.community_id) as uow:
        ours = uow.session.scalars(
            sa.select(ForumSpace.remote_id).where(ForumSpace.kind == "topic")
        ).one()
    assert ours is not None
    foreign, _reply = practice.solved_topic()
    arrives(practice, "ours", event_name, ours)
    arrives(practice, "foreign", event_name, foreign)
    assert handled_elsewhere(practice) == 2
    with practice.services.units.system_reading() as uow:
        rows = uow.session.execute(sa.select(InboxMessage.event_id, InboxMessage.outcome))
        notes = {row.event_id: row.outcome for row in rows}
        marked = set(
            uow.session.scalars(sa.select(Touched.remote_id).where(Touched.kind == "topic"))
        )
    assert notes == {"ours": "caused by Lantern", "foreign": "topic to be read"}
    assert marked == {str(foreign)}
