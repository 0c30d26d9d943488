"""Service calls against answers of real platforms: tokens, paging, addresses with a query."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
import responses
from responses import matchers

from lti import keys, registrations
from lti.advantage import ags, nrps
from lti.advantage.client import PlatformBusy, ServiceClient
from lti.registrations import NewRegistration, RegistrationView
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.services import Services
from plugin.people import public as people
from tests.support.clock import FixedClock

LMS = "https://lms.example.edu"
MEMBERS = f"{LMS}/members"


@pytest.fixture
def registration(services: Services, community: people.Community) -> RegistrationView:
    with services.units.system() as uow:
        found = registrations.register(
            uow,
            NewRegistration(
                issuer=LMS,
                client_id="client-1",
                auth_login_url=f"{LMS}/auth",
                auth_token_url=f"{LMS}/token",
                key_set_url=f"{LMS}/jwks",
            ),
        )
        uow.commit()
    return found


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked


@pytest.fixture
def client(services: Services, registration: RegistrationView) -> ServiceClient:
    return ServiceClient(services, registration, (nrps.SCOPE,))


def give_tokens(web: responses.RequestsMock, *, life: int = 3600) -> list[str]:
    """Answer token requests as Moodle does, JSON under the type text/html; the assertions sent."""
    asked: list[str] = []

    def give(request: Any) -> tuple[int, dict[str, str], str]:
        asked.append(parse_qs(request.body)["client_assertion"][0])
        body = {"access_token": f"token-{len(asked)}", "expires_in": life, "token_type": "Bearer"}
        return 200, {"Content-Type": "text/html; charset=utf-8"}, json.dumps(body)

    web.add_callback(responses.POST, f"{LMS}/token", callback=give)
    return asked


def one_page(client: ServiceClient) -> nrps.Page:
    return nrps.page(client, MEMBERS, first=MEMBERS)


def members(*names: str) -> dict[str, Any]:
    return {"members": [{"user_id": name, "roles": ["Learner"]} for name in names]}


def test_a_token_is_asked_for_once_and_again_shortly_before_it_ends(
    web: responses.RequestsMock, client: ServiceClient, clock: FixedClock
) -> None:
    asked = give_tokens(web)
    web.get(MEMBERS, json=members("a"))
    for _again in range(3):
        one_page(client)
    assert len(asked) == 1
    clock.advance(seconds=3541)
    one_page(client)
    assert len(asked) == 2


def test_the_assertion_names_us_and_is_signed_by_a_published_key(
    web: responses.RequestsMock, client: ServiceClient, services: Services
) -> None:
    asked = give_tokens(web)
    web.get(MEMBERS, json=members())
    one_page(client)
    published = keys.public_key_set(services)["keys"]
    header = jwt.get_unverified_header(asked[0])
    (jwk,) = [key for key in published if key["kid"] == header["kid"]]
    assert jwk["alg"] == "RS256"
    claims = jwt.decode(
        asked[0],
        jwt.PyJWK(jwk),
        algorithms=["RS256"],
        audience=f"{LMS}/token",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims["iss"] == claims["sub"] == "client-1"
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert len(claims["jti"]) >= 32


def test_tokens_of_two_clients_of_one_issuer_are_apart(
    web: responses.RequestsMock, client: ServiceClient, services: Services
) -> None:
    with services.units.system() as uow:
        other = registrations.register(
            uow,
            NewRegistration(
                issuer=LMS,
                client_id="client-2",
                auth_login_url=f"{LMS}/auth",
                auth_token_url=f"{LMS}/token",
                key_set_url=f"{LMS}/jwks",
            ),
        )
        uow.commit()
    asked = give_tokens(web)
    web.get(MEMBERS, json=members())
    one_page(client)
    one_page(ServiceClient(services, other, (nrps.SCOPE,)))
    assert len(asked) == 2


def test_a_token_that_is_no_longer_taken_is_replaced_once(
    web: responses.RequestsMock, client: ServiceClient
) -> None:
    asked = give_tokens(web)
    web.get(
        MEMBERS,
        status=401,
        match=[matchers.header_matcher({"Authorization": "Bearer token-1"})],
    )
    web.get(
        MEMBERS,
        json=members("a"),
        match=[matchers.header_matcher({"Authorization": "Bearer token-2"})],
    )
    assert [member.subject for member in one_page(client).members] == ["a"]
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("status", "body", "passes"),
    [
        (404, "<html>not found</html>", False),
        (400, '{"error": "invalid_scope"}', False),
        # what a platform says whose look at our key set met a restart; and one that says no more
        (400, '{"error": "invalid_client"}', True),
        (401, '{"error": "invalid_client"}', True),
        (400, '{"error": invalid}', True),
        (400, '["invalid_scope"]', True),
    ],
)
def test_no_token_is_a_failure_that_says_what_to_look_at(
    web: responses.RequestsMock, client: ServiceClient, status: int, body: str, passes: bool
) -> None:
    """A platform that could not read our key set is asked again later (RFC 6749, 5.2)."""
    web.post(f"{LMS}/token", status=status, body=body)
    with pytest.raises(RemoteCallFailed) as failure:
        one_page(client)
    assert "key set" in failure.value.reason
    assert failure.value.retryable is passes
    assert body not in str(failure.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_platform_may_be_asked_later(
    web: responses.RequestsMock, client: ServiceClient, status: int
) -> None:
    give_tokens(web)
    web.get(MEMBERS, status=status)
    with pytest.raises(PlatformBusy) as busy:
        one_page(client)
    assert busy.value.retryable


def test_pages_are_followed_with_their_case_kept(
    web: responses.RequestsMock, client: ServiceClient
) -> None:
    give_tokens(web)
    second = f"{MEMBERS}?page=bookmark:WyJBYiJd"
    link = f'<{LMS}/first>; rel="first", <{second}>; rel="next"'
    web.get(
        MEMBERS,
        json=members("a"),
        headers={"Link": link},
        match=[matchers.query_param_matcher({"limit": "100"})],
    )
    web.get(
        MEMBERS,
        json=members("b"),
        match=[matchers.query_param_matcher({"page": "bookmark:WyJBYiJd"})],
    )
    page = nrps.page(client, MEMBERS, query={"limit": "100"}, first=MEMBERS)
    assert [member.subject for member in page.members] == ["a"]
    assert page.next_url == second
    page = nrps.page(client, second, first=MEMBERS)
    assert [member.subject for member in page.members] == ["b"]
    assert page.next_url is None


@pytest.mark.parametrize(
    "following",
    ["https://evil.example/members", "file:///etc", "https://10.0.0.1/", f"{LMS}:8443/members"],
)
def test_a_next_page_elsewhere_is_not_followed(
    web: responses.RequestsMock, client: ServiceClient, following: str
) -> None:
    give_tokens(web)
    web.get(MEMBERS, json=members("a"), headers={"Link": f'<{following}>; rel="next"'})
    with pytest.raises(RemoteCallFailed) as failure:
        one_page(client)
    assert not failure.value.retryable


@pytest.mark.parametrize("body", [[], {"members": "x"}, {"members": [{"roles": []}]}, "x"])
def test_another_shape_is_refused(
    web: responses.RequestsMock, client: ServiceClient, body: object
) -> None:
    give_tokens(web)
    web.get(MEMBERS, json=body)
    with pytest.raises(RemoteCallFailed):
        one_page(client)


def test_withheld_and_joined_names(web: responses.RequestsMock, client: ServiceClient) -> None:
    give_tokens(web)
    listed = [
        {"user_id": "1", "roles": ["Learner"]},
        {"user_id": "2", "roles": [], "given_name": "Ada", "family_name": "L", "status": None},
        {"user_id": "3", "roles": ["Learner"], "status": "Deleted", "email": ""},
    ]
    web.get(MEMBERS, json={"members": listed})
    assert [(member.name, member.active) for member in one_page(client).members] == [
        (None, True),
        ("Ada L", True),
        (None, False),
    ]


@pytest.mark.parametrize(
    ("line_item", "scores"),
    [
        (f"{LMS}/2/lineitem?type_id=1", f"{LMS}/2/lineitem/scores?type_id=1"),
        (f"{LMS}/line_items/7", f"{LMS}/line_items/7/scores"),
        (f"{LMS}/line_items/7/", f"{LMS}/line_items/7/scores"),
    ],
)
def test_scores_go_before_the_query(line_item: str, scores: str) -> None:
    assert ags.below(line_item, "scores") == scores


def test_exact_types_no_limit_and_a_pinned_host(
    web: responses.RequestsMock, services: Services, registration: RegistrationView
) -> None:
    give_tokens(web)
    client = ServiceClient(services, registration, (ags.LINE_ITEM_SCOPE,))
    url = f"{LMS}/lineitems?type_id=1"
    item = {"id": f"{LMS}/lineitems/4/lineitem?type_id=1", "label": "E", "scoreMaximum": 10}
    web.get(
        f"{LMS}/lineitems",
        json=[item],
        match=[
            matchers.query_param_matcher({"type_id": "1"}),
            matchers.header_matcher(
                {"Accept": "application/vnd.ims.lis.v2.lineitemcontainer+json"}
            ),
        ],
    )
    (found,) = ags.line_items(client, url)
    assert (found.url, found.score_maximum, found.resource) == (item["id"], 10.0, None)
    made = {**item, "id": "https://evil.example/1"}
    web.post(f"{LMS}/lineitems", json=made, status=201)
    with pytest.raises(RemoteCallFailed):
        ags.create_line_item(
            client, url, label="E", score_maximum=10, resource="r", resource_link=None
        )
