"""lti-consumer-xblock, a platform that nobody here wrote, launches Lantern and is read by it.

It runs in an environment of its own below ``.cache`` and is reached over HTTP only: it is AGPL and
never becomes a dependency.
"""

import json
import socket
import subprocess
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import ThreadedWSGIServer

from lti import keys, registrations
from lti.extension import extension
from lti.registrations import NewRegistration
from plugin.app import Composition, compose, create_app
from plugin.kernel.jobs import sweep
from plugin.people import public as people
from plugin.settings import Settings
from tests.lti.conftest import listening

pytestmark = pytest.mark.peer

HOME = Path(__file__).parents[2] / ".cache" / "peers" / "lti-consumer"
NEEDS = ("lti-consumer-xblock==11.4.4", "djangorestframework", "cryptography")


@pytest.fixture(scope="session")
def interpreter() -> Path:
    """The peer's Python, installed once."""
    python = HOME / "bin" / "python"
    done = HOME / ".installed"
    if not done.exists():
        venv.create(HOME, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-q", "install", *NEEDS]
        subprocess.run(pip, check=True, timeout=600)
        done.write_text("\n".join(NEEDS))
    return python


@dataclass
class Peers:
    """Lantern and the platform, both listening."""

    composition: Composition
    community: people.Community
    lantern: str
    ask: Callable[..., dict[str, Any]]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _register(composition: Composition, port: int) -> people.Community:
    base = f"http://127.0.0.1:{port}"
    with composition.services.units.system() as uow:
        community = people.found_community(uow, "Peers")
        found = registrations.register(
            uow,
            NewRegistration(
                issuer=base,
                client_id="peer-client",
                auth_login_url=f"{base}/authorize",
                auth_token_url=f"{base}/token",
                key_set_url=f"{base}/jwks",
            ),
        )
        registrations.activate(uow, found.id, "peer-deployment", community.id)
        uow.commit()
    return community


@pytest.fixture
def peers(settings: Settings, interpreter: Path) -> Iterator[Peers]:
    with listening() as server:
        yield from _meet(server, settings, interpreter)


def _meet(server: ThreadedWSGIServer, settings: Settings, interpreter: Path) -> Iterator[Peers]:
    lantern, port = f"http://localhost:{server.server_port}", _free_port()
    composition = compose(replace(settings, base_url=lantern), extensions=(extension,))
    server.app = create_app(composition.settings, composition=composition)
    keys.ensure_key(composition.services)
    community = _register(composition, port)
    facts = {
        "lantern": lantern,
        "port": port,
        "client_id": "peer-client",
        "deployment_id": "peer-deployment",
    }
    script = Path(__file__).with_name("lti_consumer_peer.py")
    with subprocess.Popen(
        [str(interpreter), str(script), json.dumps(facts)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told, said = process.stdin, process.stdout
        assert json.loads(said.readline()) == {"ready": True}

        def ask(do: str, **command: Any) -> dict[str, Any]:
            told.write(json.dumps({"do": do, **command}) + "\n")
            told.flush()
            found: dict[str, Any] = json.loads(said.readline())
            return found

        yield Peers(composition, community, lantern, ask)
        told.close()
        process.wait(10)
    composition.services.units.engine.dispose()


def test_it_launches_a_learner_and_a_teacher(peers: Peers) -> None:
    for user, role, wanted in (
        ("peer-learner", "student", "learner"),
        ("peer-teacher", "instructor", "teacher"),
    ):
        found = peers.ask("launch", user=user, role=role, name=f"Peer {role}")
        assert found.get("status") == 200, found
        assert found["replayed"] == 409
        with peers.composition.services.units.reading(peers.community.id) as uow:
            (context,) = people.contexts(uow)
            roles = {m.person.name: m.role for m in people.members(uow, context.id)}
        assert found["url"] == f"{peers.lantern}/c/{context.handle}/"
        assert roles[f"Peer {role}"] == wanted


def test_it_gives_us_a_token_and_its_list_of_people(peers: Peers) -> None:
    peers.ask("launch", user="peer-teacher", role="instructor", name="Peer teacher")
    sweep(peers.composition.services)
    with peers.composition.services.units.reading(peers.community.id) as uow:
        (context,) = people.contexts(uow)
        listed = {m.person.name: (m.role, m.opened) for m in people.members(uow, context.id)}
    assert listed["late"] == ("learner", False)
    assert peers.ask("tokens") == {"given": 1}


def test_it_takes_our_answer_to_deep_linking(peers: Peers) -> None:
    found = peers.ask("launch", user="peer-teacher", role="instructor", choose="home")
    assert found.get("status") == 200, found
    (item,) = found["items"]
    assert item["type"] == "ltiResourceLink"
    assert item["url"].startswith(f"{peers.lantern}/c/")


def test_it_takes_a_new_review_activity(peers: Peers) -> None:
    """It sends no gradebook claim with a choice, so it is offered no column."""
    found = peers.ask("launch", user="peer-teacher", role="instructor", choose="new review")
    assert found.get("status") == 200, found
    (item,) = found["items"]
    assert item["title"] == "Essay"
    assert "lineItem" not in item
    assert item["url"].endswith(f"/reviews/{item['custom']['lantern_resource']}")
