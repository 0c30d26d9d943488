"""A course page with Lantern in its frame, as tests look at it."""

from typing import TYPE_CHECKING

from flask import Flask, Response, request

from tests.lti.conftest import Campus

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

LAGOS = "Africa/Lagos"


def become(page: "Page", name: str) -> None:
    """Sign in to the practice LMS and go to the course."""
    page.get_by_role("button", name=name).click()
    page.get_by_role("heading", name="My courses").wait_for()
    page.get_by_role("link", name="Biology").click()


def lantern(page: "Page", campus: Campus, *paths: str) -> "Frame":
    """Lantern's frame, once it stands at an address that begins so."""
    for _turn in range(1200):
        for frame in page.frames:
            if any(frame.url.startswith(campus.base_url + path) for path in paths):
                frame.wait_for_load_state()
                return frame
        page.wait_for_timeout(50)
    raise AssertionError([frame.url for frame in page.frames])


def without_cookies(page: "Page", campus: Campus) -> "Frame":
    """The frame that offers a new tab: at once, or after the platform's storage proved the browser
    and the session's cookie did not come back."""
    where = "/session/arrive" if campus.lms.platform.profile.storage_target else "/lti/launch"
    return lantern(page, campus, where)


def drop_cookies_in_frames(app: Flask, *names: str) -> None:
    """Stand in for a browser that keeps no cookie in frames (older Safari), or not these ones."""

    @app.after_request
    def drop(response: Response) -> Response:
        if request.headers.get("Sec-Fetch-Dest") == "iframe":
            kept = [
                one
                for one in response.headers.getlist("Set-Cookie")
                if names and not one.startswith(tuple(f"{name}=" for name in names))
            ]
            response.headers.setlist("Set-Cookie", kept)
        return response
