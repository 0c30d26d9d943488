"""Over a real socket: loopback only, dropped and hanging calls, restart with its data."""

from pathlib import Path

import pytest
import requests
from flask import Flask

from plugin.practice.forum import auth, proof, seed
from plugin.practice.forum.app import create_forum, forum_of
from plugin.practice.forum.server import ForumServer, serve

MESSAGE = {
    "title": "Hi",
    "raw": "You are a pair now.",
    "archetype": "private_message",
    "target_recipients": "tom.b",
}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org"])
def test_only_loopback(host: str, forum_app: Flask) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        ForumServer(lambda _: forum_app, host=host)
    with pytest.raises(ValueError, match="loopback only"):
        serve(forum_app, host=host, port=0)


def test_a_caller_from_elsewhere_is_refused(forum_app: Flask) -> None:
    client = forum_app.test_client()
    answer = client.get("/", environ_overrides={"REMOTE_ADDR": "192.168.1.9"})
    assert answer.status_code == 403


def test_drop_hang_and_restart_over_the_wire(tmp_path: Path) -> None:
    path = tmp_path / "forum.sqlite"
    server = ForumServer(lambda url: create_forum(path, base_url=url, rate_limit=None))
    with server, requests.Session() as session:
        forum = server.forum
        seed.add_user(forum, "lantern", "Lantern", "bot@example.edu", admin=True)
        seed.add_user(forum, "tom.b", "Tom Bauer", "tom@example.edu")
        session.headers.update({"Api-Key": auth.add_api_key(forum), "Api-Username": "lantern"})
        url = f"{server.base_url}/posts.json"
        forum.faults.add("drop", method="POST", when="after")
        with pytest.raises(requests.ConnectionError):
            session.post(url, data=MESSAGE, timeout=5)
        assert len(proof.messages(forum)) == 1
        forum.faults.add("hang", method="GET", seconds=20)
        with pytest.raises(requests.Timeout):
            session.get(url, timeout=0.3)
        forum.faults.clear()
        server.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(url, timeout=5)
        server.start()
        assert session.get(url, timeout=5).status_code == 200
        assert session.post(url, data=MESSAGE, timeout=5).status_code == 200
        assert len(proof.messages(forum)) == 1  # the memo survived as well


def test_a_restart_as_a_fault(tmp_path: Path) -> None:
    make = lambda url: create_forum(tmp_path / "forum.sqlite", base_url=url)  # noqa: E731
    with ForumServer(make) as server:
        server.forum.faults.add("restart", path="/latest*", seconds=0)
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{server.base_url}/latest.json", timeout=5)
        server.back_up()
        assert requests.get(f"{server.base_url}/latest.json", timeout=5).status_code == 200


def test_data_and_sessions_survive_a_new_process(tmp_path: Path) -> None:
    path = tmp_path / "forum.sqlite"
    first = create_forum(path, base_url="http://localhost:4200", title="A forum of ours")
    seed.add_user(forum_of(first), "tom.b", "Tom Bauer", "tom@example.edu")
    second = create_forum(path, base_url="http://localhost:4200")
    assert first.secret_key == second.secret_key
    assert "A forum of ours" in second.test_client().get("/u/tom.b").text
