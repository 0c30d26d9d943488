"""Vault, blobs, guard of addresses, limits, languages, settings."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from plugin.kernel import i18n, limits
from plugin.kernel.addresses import address_allowed
from plugin.kernel.crypto import Vault, VaultLocked, new_key
from plugin.kernel.errors import NotFound
from plugin.kernel.http import AddressRefused, HttpClient, RemoteCallFailed
from plugin.kernel.ids import new_handle, new_id
from plugin.kernel.services import Services
from plugin.kernel.urls import is_local_path
from plugin.settings import Settings, SettingsError, explain
from tests.support.clock import FixedClock


def test_ids_sort_by_time_and_handles_fit_a_discourse_external_id() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert {i.version for i in ids} == {7}
    assert len(new_handle()) <= 50
    assert new_handle().isalnum()


def test_the_vault_opens_with_an_older_key_and_not_without(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    sealed = Vault((old,)).seal(b"secret")
    assert b"secret" not in sealed.encode()
    assert Vault((new, old)).open(sealed) == b"secret"
    with pytest.raises(VaultLocked):
        Vault((new,)).open(sealed)


def test_the_key_file_is_made_once_and_only_its_owner_reads_it(settings: Settings) -> None:
    sealed = Vault.open_for(settings).seal(b"secret")
    assert Vault.open_for(settings).open(sealed) == b"secret"
    assert (settings.data_folder / "secret.key").stat().st_mode & 0o077 == 0


def test_blobs_are_named_by_their_content(services: Services) -> None:
    digest = services.blobs.put(b"work")
    assert services.blobs.put(b"work") == digest
    assert services.blobs.get(digest) == b"work"
    services.blobs.delete(digest)
    with pytest.raises(NotFound):
        services.blobs.get(digest)
    with pytest.raises(ValueError, match="64"):
        services.blobs.get("../../etc/passwd")


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "172.16.0.1",
        "::1",
        "127.0.0.1",
        "0.0.0.0",
        "fd00::1",
        "fe80::1%eth0",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "224.0.0.1",
        "100.64.0.1",
        "fec0::1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1",
        "::ffff:0:7f00:1",
        "::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "168.63.129.16",
        "192.0.0.192",
    ],
)
def test_private_addresses_are_refused(address: str) -> None:
    assert not address_allowed(address, allow_loopback=False)


def test_loopback_is_allowed_only_where_the_setting_says_so() -> None:
    assert address_allowed("127.0.0.1", allow_loopback=True)
    assert not address_allowed("10.0.0.1", allow_loopback=True)
    assert address_allowed("93.184.216.34", allow_loopback=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://2130706433:1/",
        "file:///etc/passwd",
        "ftp://a/",
    ],
)
def test_the_client_does_not_call_home(url: str) -> None:
    with pytest.raises(AddressRefused):
        HttpClient().request("GET", url)


@contextmanager
def dripping(first: bytes, pause: float = 0.05) -> Iterator[int]:
    """A server that sends ``first`` and then a byte now and then, as long as anybody listens."""
    stopped = threading.Event()

    def serve(listener: socket.socket) -> None:
        listener.settimeout(5)
        with suppress(OSError):
            line, _address = listener.accept()
            with line:
                line.recv(65_536)
                line.sendall(first)
                while not stopped.wait(pause):
                    line.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stopped.set()
            thread.join(5)


@pytest.mark.parametrize(
    "first",
    [
        b"",  # not even a status
        b"HTTP/1.1 200 OK\r\nX-Long: ",
        b"HTTP/1.1 200 OK\r\n\r\n",  # a body without a length
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_call_whose_bytes_drip_ends(first: bytes, scheme: str) -> None:
    with dripping(first) as port, pytest.raises(RemoteCallFailed) as failed:
        HttpClient(allow_loopback=True).request(
            "GET", f"{scheme}://127.0.0.1:{port}/", timeout=(1, 1), most_seconds=0.4
        )
    assert scheme == "https" or failed.value.reason == "no answer in time"


def test_a_limit_is_shared_and_ends_with_its_window(services: Services, clock: FixedClock) -> None:
    takes = [limits.take(services.units, "k", limit=2, per=timedelta(minutes=1)) for _ in range(4)]
    assert takes == [True, True, False, False]
    clock.advance(minutes=2)
    assert limits.take(services.units, "k", limit=2, per=timedelta(minutes=1))


def test_an_unknown_setting_is_an_error_that_suggests_the_right_one() -> None:
    with pytest.raises(SettingsError, match="did you mean LANTERN_BASE_URL"):
        Settings.from_env({"LANTERN_BASE_URLS": "https://x.example"})
    with pytest.raises(SettingsError, match="LANTERN_WEB_PORT"):
        Settings.from_env({"LANTERN_WEB_PORT": "many"})
    with pytest.raises(SettingsError, match="LANTERN_PRACTICE=1"):
        Settings.from_env({"LANTERN_CLOCK_OFFSET": "-5"})


def test_secrets_are_never_shown() -> None:
    settings = Settings.from_env({"LANTERN_SECRET_KEYS": "geheim", "LANTERN_MAIL_URL": "smtp://p"})
    shown = repr(settings) + repr(explain(settings))
    assert "geheim" not in shown
    assert "smtp://p" not in shown
    assert replace(settings, data_folder=Path("x")).database == "sqlite:///x/lantern.db"


def test_the_pseudo_locale_keeps_placeholders_and_turns_the_page() -> None:
    with i18n.use_locale(i18n.PSEUDO):
        assert i18n._("Hello %(name)s", name="Ana") == "⟦Hélló Ana⟧"
        assert i18n.direction() == "rtl"
    assert i18n.direction() == "ltr"
    assert i18n.choose("fr", "de-AT") == "de"


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil", "", "x", "/a\nb", None]
)
def test_only_our_own_paths_are_redirected_to(path: str | None) -> None:
    assert not is_local_path(path)
    assert is_local_path("/c/abc/?x=1")
