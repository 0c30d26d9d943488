"""One reference id and one language for everything that happens in a request."""

from collections.abc import Callable, Iterable
from typing import Any

from plugin.kernel.i18n import SOURCE, use_locale
from plugin.kernel.telemetry import referenced

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Referenced:
    """WSGI wrapper: threads are used again, so both are set anew and put back afterwards."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with referenced(), use_locale(SOURCE):
            return self._app(environ, start_response)
