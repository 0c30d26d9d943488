"""Headers of every response: a strict CSP, who may frame us, no sniffing, no shared caches.

``frame-ancestors`` is computed for each response: ourselves and the platforms that this session
came from. Pages without a session (sign in, errors, the new-tab page) carry nobody's data and may
be framed by every platform that the adapters name, so that a person in a course reads the page and
not a browser's refusal. X-Frame-Options cannot say this and is not sent. Naming them takes the
database; while that does not answer, the page that says so is framed by nobody.
"""

from urllib.parse import urlsplit

from flask import Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from plugin.kernel.telemetry import get_logger
from plugin.kernel.urls import is_host
from plugin.web.brought import brought
from plugin.web.session import present
from plugin.web.work import services

log = get_logger(__name__)
_FOR_PROGRAMS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def allow_frames(origin: str) -> None:
    """Let this response be framed by one more origin (a launch that is under way)."""
    g.setdefault("frame_origins", set()).add(origin_of(origin))


def allow_frames_below(domain: str) -> None:
    """Let this response be framed by every https host below a domain (hosted schools)."""
    if not is_host(domain) or "." not in domain:
        raise ValueError("a domain has a dot and no other signs")
    g.setdefault("frame_origins", set()).add(f"https://*.{domain}")


def allow_forms_to(origin: str) -> None:
    """Let a form of this response lead to one more origin (deep linking, a forum's sign-in)."""
    g.setdefault("form_origins", set()).add(origin_of(origin))


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL; nothing else of it gets into a header."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not is_host(parts.hostname):
        raise ValueError("an origin is http(s)://host[:port]")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}"


def content_security_policy(*, redirects: bool = False) -> str:
    """Return the policy of the present response; one that redirects is framed by nobody yet."""
    own = "'self'"
    frames = " ".join([own, *sorted(_frame_origins(redirects))])
    forms = " ".join([own, *sorted(g.get("form_origins", ()))])
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {own}",
            f"script-src {own}",
            f"img-src {own}",
            f"font-src {own}",
            f"connect-src {own}",
            f"form-action {forms}",
            "base-uri 'none'",
            f"frame-ancestors {frames}",
        )
    )


def _frame_origins(redirects: bool) -> set[str]:
    origins: set[str] = set(g.get("frame_origins", ()))
    session = present()
    if session is not None:
        return origins | set(session.frame_ancestors)
    if request.headers.get("Sec-Fetch-Dest") in ("iframe", "frame", None) and not redirects:
        origins |= _platforms()
    return origins


def _platforms() -> set[str]:
    try:
        return {
            origin_of(url)
            for extension in brought()
            if extension.frame_ancestors is not None
            for url in extension.frame_ancestors(services())
        }
    except SQLAlchemyError as error:
        log.warning("platforms not read for the policy", error=type(error).__name__)
        return set()


def for_program(response: Response) -> Response:
    """The same for an answer that a program reads: no page, nothing to load, no cache."""
    response.headers.extend(_FOR_PROGRAMS)
    return response


def add_headers(response: Response) -> Response:
    """Put the headers on a response; a view may have set its own Cache-Control."""
    headers = response.headers
    redirects = 300 <= response.status_code < 400
    headers.setdefault("Content-Security-Policy", content_security_policy(redirects=redirects))
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Permissions-Policy", _PERMISSIONS)
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
    if services().settings.secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if (request.endpoint or "").endswith("static"):
        versioned = "v" in request.args
        headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if versioned else "public, max-age=300"
        )
    elif "Cache-Control" not in headers:
        headers["Cache-Control"] = "private, no-cache"
    return response
