"""Calls out of the process: time limits, retries, a size limit and a guard of private addresses.

The guard resolves the name itself and connects to the very address it checked, so a name that
answers differently the second time (DNS rebinding) gains nothing. Redirects are not followed. A
time limit of requests is one between two bytes; ``most_seconds`` ends a call whose bytes drip.
"""

import json as jsonlib
import random
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

from plugin.kernel.addresses import address_allowed

USER_AGENT = "Lantern (+mentoring)"
RETRIED = frozenset({429, 500, 502, 503, 504})


class RemoteCallFailed(Exception):
    """The other side gave no usable answer. ``retryable`` says whether another try may help."""

    def __init__(
        self, url: str, reason: str, *, retryable: bool, status: int | None = None
    ) -> None:
        host = urlsplit(url).netloc
        super().__init__(f"{host}: {reason}")
        self.url = url
        self.reason = reason
        self.retryable = retryable
        self.status = status


class AddressRefused(RemoteCallFailed):
    """The address is private, or this machine itself; nothing was sent."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason, retryable=False)


@dataclass(frozen=True)
class Answer:
    """What came back. Any status is an answer; the caller looks at it."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body as JSON; raise RemoteCallFailed when it is none."""
        try:
            return jsonlib.loads(self.body)
        except ValueError:
            raise RemoteCallFailed(
                self.url, "the answer is not JSON", retryable=False, status=self.status
            ) from None


def checked_addresses(host: str, port: int, *, allow_loopback: bool) -> list[str]:
    """Resolve a name and return its addresses; raise AddressRefused if any of them is private."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RemoteCallFailed(
            f"//{host}:{port}", "the name cannot be resolved", retryable=True
        ) from error
    addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
    for address in addresses:
        if not address_allowed(address, allow_loopback=allow_loopback):
            raise AddressRefused(f"//{host}:{port}", f"{address} is a private address")
    return addresses


class _Call:
    """One call under way: its watch closes the connection when the time is over."""

    def __init__(self) -> None:
        self.over = False
        self._line: socket.socket | None = None
        self._lock = threading.Lock()

    def on(self, line: socket.socket | None) -> None:
        """Say which connection the call uses now; None when it is done with it.

        A copy is kept: http.client closes its own once an answer without a length has begun.
        """
        with self._lock:
            if self._line is not None:
                self._line.close()
            self._line = line.dup() if line is not None else None
        if self.over:
            self.end()

    def end(self) -> None:
        self.over = True
        with self._lock, suppress(OSError):
            if self._line is not None:
                self._line.shutdown(socket.SHUT_RDWR)


_call: ContextVar[_Call | None] = ContextVar("lantern_http_call", default=None)


@contextmanager
def _watched(seconds: float) -> Iterator[_Call]:
    """End the call after so many seconds, whatever it is waiting for."""
    call = _Call()
    watch = threading.Timer(seconds, call.end)
    watch.daemon = True
    token = _call.set(call)
    watch.start()
    try:
        yield call
    finally:
        watch.cancel()
        call.on(None)  # the connection may be another call's from now on
        _call.reset(token)


class GuardedAdapter(HTTPAdapter):
    """A transport adapter that connects only to addresses the guard has checked."""

    def __init__(self, *, allow_loopback: bool, pool_size: int = 20) -> None:
        self._allow_loopback = allow_loopback
        super().__init__(pool_connections=pool_size, pool_maxsize=pool_size)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **kwargs: Any
    ) -> None:
        allow = self._allow_loopback

        class Guard:
            _line: socket.socket | None = None  # the same connection, below TLS

            def _new_conn(self: Any) -> socket.socket:
                checked = checked_addresses(self._dns_host, self.port, allow_loopback=allow)
                last: OSError | None = None
                for address in checked:
                    try:
                        made = socket.create_connection((address, self.port), self.timeout)
                    except OSError as error:
                        last = error
                    else:
                        self._line = made.dup()
                        self._show()
                        return made
                raise last or OSError("no address")

            def _show(self) -> None:
                call = _call.get()
                if call is not None:
                    call.on(self._line)

            def request(self, *args: Any, **kwargs: Any) -> Any:
                self._show()
                return super().request(*args, **kwargs)  # type: ignore[misc]  # of the next class

            def close(self) -> None:
                super().close()  # type: ignore[misc]  # of the next class
                if self._line is not None:
                    self._line.close()
                    self._line = None

        class GuardedHTTP(Guard, HTTPConnection):
            pass

        class GuardedHTTPS(Guard, HTTPSConnection):
            pass

        class HTTPPool(HTTPConnectionPool):
            ConnectionCls = GuardedHTTP

        class HTTPSPool(HTTPSConnectionPool):
            ConnectionCls = GuardedHTTPS

        manager = PoolManager(num_pools=connections, maxsize=maxsize, block=block)
        manager.pool_classes_by_scheme = {"http": HTTPPool, "https": HTTPSPool}
        self.poolmanager = manager


class HttpClient:
    """The product's only way out over HTTP; one pooled session, shared by threads."""

    def __init__(self, *, allow_loopback: bool = False) -> None:
        self.allow_loopback = allow_loopback
        self.session = requests.Session()
        self.session.trust_env = False
        adapter = GuardedAdapter(allow_loopback=allow_loopback)
        self.session.mount("https://", adapter)
        self.session.mount("http://", adapter)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: Any = None,
        timeout: tuple[float, float] = (5, 15),
        retries: int = 0,
        max_bytes: int = 2_000_000,
        most_seconds: float = 60,
    ) -> Answer:
        """Make one call and return its answer, whatever the status.

        ``retries`` repeats after no answer, 429 and 5xx with back-off: only for calls that may be
        repeated. ``most_seconds`` is for one whole try. Raises RemoteCallFailed (no answer, too
        large), AddressRefused.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise AddressRefused(url, "only http and https addresses are called")
        for attempt in range(retries + 1):
            final = attempt == retries
            try:
                with _watched(most_seconds) as call:
                    answer = self._once(
                        method, url, headers, params, json, data, timeout, max_bytes
                    )
                    if call.over:  # a body without a length looks whole when the line is cut
                        raise RemoteCallFailed(url, "no answer in time", retryable=True)
            except RemoteCallFailed as failure:
                if final or not failure.retryable:
                    raise
            else:
                if final or answer.status not in RETRIED:
                    return answer
            time.sleep(min(0.2 * 2**attempt, 5) * random.uniform(0.5, 1.5))  # noqa: S311
        raise AssertionError("unreachable")

    def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        params: Mapping[str, Any] | None,
        json: Any,
        data: Any,
        timeout: tuple[float, float],
        max_bytes: int,
    ) -> Answer:
        try:
            with self.session.request(
                method,
                url,
                headers={"User-Agent": USER_AGENT, **(headers or {})},
                params=params,
                json=json,
                data=data,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = b""
                for part in response.iter_content(65_536):
                    body += part
                    if len(body) > max_bytes:
                        raise RemoteCallFailed(
                            url,
                            f"the answer is larger than {max_bytes} bytes",
                            retryable=False,
                            status=response.status_code,
                        )
                return Answer(response.status_code, response.headers, body, url)
        except requests.Timeout as error:
            raise RemoteCallFailed(url, "no answer in time", retryable=True) from error
        except requests.RequestException as error:
            call = _call.get()
            late = call is not None and call.over
            reason = "no answer in time" if late else type(error).__name__
            raise RemoteCallFailed(url, reason, retryable=True) from error
