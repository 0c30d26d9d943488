"""Headers of real responses: strict CSP, framing by the session's platforms only."""

from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from plugin.app import Composition, create_app
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web.security import origin_of
from plugin.web.session import cookie_name
from tests.plugin.web.conftest import Someone
from tests.support.signed_in import sign_in


def directives(policy: str) -> dict[str, str]:
    return {part.split()[0]: " ".join(part.split()[1:]) for part in policy.split("; ")}


def test_policy_allows_nothing_inline_and_nothing_from_elsewhere(client: FlaskClient) -> None:
    response = client.get("/sign-in")
    policy = directives(response.headers["Content-Security-Policy"])
    assert policy["default-src"] == "'none'"
    for name in ("style-src", "script-src", "img-src", "font-src", "connect-src", "form-action"):
        assert policy[name] == "'self'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"].startswith("private")


def test_page_has_no_inline_style_script_or_handler(client: FlaskClient) -> None:
    text = client.get("/sign-in").get_data(as_text=True)
    assert " style=" not in text
    assert "<style" not in text
    assert "<script src=" in text
    assert text.count("<script") == 1
    assert " onclick" not in text


def test_only_the_sessions_platform_may_frame_its_pages(
    client: FlaskClient, services: Services, community: people.Community, someone: Someone
) -> None:
    browser = sign_in(
        client,
        services,
        community.id,
        someone.person.id,
        frame_ancestor="https://moodle.example.org",
    )
    policy = directives(browser.get("/profile").headers["Content-Security-Policy"])
    assert policy["frame-ancestors"] == "'self' https://moodle.example.org"


def test_files_are_kept_by_caches_because_their_address_carries_a_version(
    client: FlaskClient,
) -> None:
    with client.get("/static/web/lantern.css") as response:
        assert response.headers["Cache-Control"] == "public, max-age=300"
    with client.get("/static/web/lantern.css?v=1") as response:
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    page = client.get("/sign-in").get_data(as_text=True)
    assert "/static/web/lantern.css?v=" in page
    assert "/static/bootstrap/bootstrap.min.css?v=" in page
    assert "//cdn" not in page


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://lms.example.org/mod/lti/?a=b", "https://lms.example.org"),
        ("http://127.0.0.1:9000/x", "http://127.0.0.1:9000"),
        ("https://user:pass@host.example", "https://host.example"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_origin_takes_nothing_else_into_the_header(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:,x", "*", "", "https://"])
def test_what_is_no_web_origin_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        origin_of(url)


def test_addresses_behind_a_proxy_are_those_of_the_people(
    composition: Composition, services: Services
) -> None:
    settings = replace(composition.settings, proxies=1, metrics_token="t")
    behind = replace(services, settings=settings)
    app = create_app(settings, composition=replace(composition, services=behind))
    seen: list[str] = []
    app.before_request(lambda: seen.append(f"{request.scheme} {request.host}"))
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "lantern.example.org"}
    app.test_client().get("/healthz", headers=headers)
    assert seen == ["https lantern.example.org"]


def test_https_installation_asks_for_https_and_binds_its_cookie(
    app: Flask, services: Services
) -> None:
    secure = replace(services.settings, base_url="https://lantern.example.org")  # type: ignore[type-var]
    app.extensions["lantern.services"] = replace(services, settings=secure)
    response = app.test_client().get("/sign-in", base_url="https://lantern.example.org")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert cookie_name(secure) == "__Host-lantern"
