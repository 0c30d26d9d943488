"""Registrations, deployments and logins: who is known, who waits, and what is used once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from lti import callers, keys, oidc, registrations
from lti.errors import LaunchRefused, LinkUsed, NotRegistered
from lti.keysets import key_sets_of
from lti.models import Deployment, DeploymentStatus, LoginState, UnknownCaller
from lti.registrations import NewRegistration, origin_of
from lti.schemas import LoginAnswer, LoginRequest
from plugin.kernel.errors import Invalid
from plugin.kernel.services import Services
from plugin.people import public as people
from tests.support.clock import FixedClock

ISSUER = "https://lms.example.edu"


def new(client_id: str = "client-1", issuer: str = ISSUER) -> NewRegistration:
    return NewRegistration(
        issuer=issuer,
        client_id=client_id,
        auth_login_url=f"{ISSUER}/auth?id=3",
        auth_token_url=f"{ISSUER}/token",
        key_set_url=f"{ISSUER}/jwks",
    )


def ask(**more: str) -> LoginRequest:
    wanted = {
        "issuer": ISSUER,
        "login_hint": "7",
        "target_link_uri": "http://localhost/lti/launch",
        **more,
    }
    return LoginRequest(**wanted)


@pytest.fixture
def registered(services: Services, community: people.Community) -> Services:
    with services.units.system() as uow:
        found = registrations.register(uow, new())
        registrations.activate(uow, found.id, "1", community.id)
        uow.commit()
    return services


def test_a_platform_is_called_what_it_calls_itself_unless_somebody_typed_a_name(
    registered: Services, community: people.Community
) -> None:
    with registered.units.system() as uow:
        first = registrations.find_registration(uow, ISSUER, "client-1")
        one = registrations.find_deployment(uow, first.id, "1")
        assert one is not None
        assert first.platform_name == "lms.example.edu"
        registrations.note_seen(uow, one.id, "moodle", "Example University")
        assert registrations.deployment_by_id(uow, one.id).registration.platform_name == (
            "Example University"
        )
        typed = NewRegistration(**{**vars(new()), "name": "Our Moodle"})
        registrations.register(uow, typed)
        registrations.note_seen(uow, one.id, "moodle", "Example University")
        assert registrations.deployment_by_id(uow, one.id).registration.platform_name == (
            "Our Moodle"
        )


def test_the_name_of_one_school_is_not_that_of_all_who_share_its_platform(
    registered: Services, community: people.Community
) -> None:
    with registered.units.system() as uow:
        first = registrations.find_registration(uow, ISSUER, "client-1")
        registrations.activate(uow, first.id, "2", community.id)
        one = registrations.find_deployment(uow, first.id, "1")
        assert one is not None
        registrations.note_seen(uow, one.id, "canvas", "First School")
        again = registrations.deployment_by_id(uow, one.id).registration
        assert (again.platform_name, again.family) == ("lms.example.edu", "canvas")


def test_registering_again_updates_and_makes_no_second_row(registered: Services) -> None:
    with registered.units.system() as uow:
        before = registrations.find_registration(uow, ISSUER, "client-1")
        changed = NewRegistration(**{**vars(new()), "key_set_url": f"{ISSUER}/new"})
        after = registrations.register(uow, changed)
        uow.commit()
    assert after.id == before.id
    assert after.key_set_url == f"{ISSUER}/new"


def test_the_client_id_may_be_missing_only_while_there_is_one(registered: Services) -> None:
    assert oidc.start(registered, ask(), None).redirect_url.startswith(f"{ISSUER}/auth?id=3&")
    with registered.units.system() as uow:
        registrations.register(uow, new("client-2"))
        uow.commit()
    with pytest.raises(NotRegistered) as refused:
        oidc.start(registered, ask(), None)
    assert refused.value.code == "client_id_missing"
    assert oidc.start(registered, ask(client_id="client-2"), None)


def test_who_is_unknown_is_written_down_for_the_administrator(registered: Services) -> None:
    for _again in range(3):
        with pytest.raises(NotRegistered):
            oidc.start(registered, ask(client_id="nope"), None)
    with registered.units.system_reading() as uow:
        (caller,) = callers.unknown_callers(uow)
    assert (caller.issuer, caller.client_id, caller.times) == (ISSUER, "nope", 3)
    with registered.units.system() as uow:
        registrations.register(uow, new("nope"))
        uow.commit()
    with registered.units.system_reading() as uow:
        assert callers.unknown_callers(uow) == []


def test_strangers_cannot_fill_the_table(registered: Services) -> None:
    for number in range(70):
        with pytest.raises(NotRegistered):
            oidc.start(registered, ask(client_id=f"nope-{number}"), None)
    with registered.units.system_reading() as uow:
        kept = uow.session.scalar(sa.select(sa.func.count()).select_from(UnknownCaller))
    assert kept == 60


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "http://localhost:81/",
        "//localhost/",
        "javascript:alert(1)",
        "http://localhost@evil.example/",
        "http://localhost:99999999/",
        "http://[::1/",
        "x",
    ],
)
def test_a_login_leads_to_our_own_pages_only(registered: Services, target: str) -> None:
    with pytest.raises(LaunchRefused) as refused:
        oidc.start(registered, ask(target_link_uri=target), None)
    assert refused.value.code == "target_foreign"


def test_state_is_spent_once_even_by_many_at_the_same_time(registered: Services) -> None:
    started = oidc.start(registered, ask(), None)
    state = started.redirect_url.split("state=")[1].split("&")[0]
    answer = LoginAnswer(state, "a.b.c", None)

    def finish(_number: int) -> str:
        try:
            oidc.finish(registered, key_sets_of(registered), answer, started.browser_secret)
        except LinkUsed:
            return "used"
        except LaunchRefused as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(finish, range(8)))
    assert outcomes == ["token_malformed", *["used"] * 7]


def test_a_login_ends_after_ten_minutes(registered: Services, clock: FixedClock) -> None:
    started = oidc.start(registered, ask(), None)
    state = started.redirect_url.split("state=")[1].split("&")[0]
    clock.advance(minutes=10)
    with pytest.raises(LaunchRefused) as refused:
        oidc.finish(registered, key_sets_of(registered), LoginAnswer(state, "a.b.c", None), None)
    assert refused.value.code == "login_expired"
    clock.advance(days=1, seconds=1)
    oidc.forget_old(registered)
    with registered.units.system_reading() as uow:
        assert uow.session.scalars(sa.select(LoginState)).all() == []


def test_a_door_never_moves_to_another_community(registered: Services) -> None:
    with registered.units.system() as uow:
        other = people.found_community(uow, "Other")
        found = registrations.find_registration(uow, ISSUER, "client-1")
        with pytest.raises(Invalid):
            registrations.activate(uow, found.id, "1", other.id)


def test_a_deployment_seen_first_waits_without_a_community(registered: Services) -> None:
    with registered.units.system() as uow:
        found = registrations.find_registration(uow, ISSUER, "client-1")
        seen = callers.record_pending(uow, found.id, "2")
        uow.commit()
    assert seen.status is DeploymentStatus.PENDING
    assert seen.community_id is None
    with registered.units.system() as uow:
        uow.session.add(
            Deployment(
                registration_id=found.id,
                deployment_id="3",
                status=DeploymentStatus.ACTIVE,
                created_at=uow.now(),
            )
        )
        with pytest.raises(sa.exc.IntegrityError):
            uow.commit()


@pytest.mark.parametrize("field", ["auth_login_url", "auth_token_url", "key_set_url", "issuer"])
@pytest.mark.parametrize("value", ["", "ftp://x/", "https://a@b/", "lms.example.edu"])
def test_addresses_are_checked(registered: Services, field: str, value: str) -> None:
    with registered.units.system() as uow, pytest.raises(Invalid) as refused:
        registrations.register(uow, NewRegistration(**{**vars(new()), field: value}))
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://LMS.example.edu/a?b", "https://lms.example.edu"),
        ("https://lms.example.edu:443/", "https://lms.example.edu"),
        ("http://127.0.0.1:8081/x", "http://127.0.0.1:8081"),
        ("http://[::1]:80/", "http://[::1]"),
        ("ftp://x/", ""),
        ("https://user@x/", ""),
        ("https://x:port/", ""),
    ],
)
def test_origins_are_written_as_browsers_do(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_keys_are_published_before_they_sign_and_stay_for_one_rotation(
    services: Services, clock: FixedClock
) -> None:
    first = keys.signing_key(services).kid
    clock.advance(days=30)
    second = keys.rotate(services)
    published = [key["kid"] for key in keys.public_key_set(services)["keys"]]
    assert published == [second, first]
    assert keys.signing_key(services).kid == first
    clock.advance(hours=1)
    assert keys.signing_key(services).kid == second
    clock.advance(days=30)
    third = keys.rotate(services)
    assert keys.signing_key(services).kid == second
    published = [key["kid"] for key in keys.public_key_set(services)["keys"]]
    assert published == [third, second, first]
    clock.advance(days=7)
    published = [key["kid"] for key in keys.public_key_set(services)["keys"]]
    assert published == [third, second]
    keys.forget_old(services)
    assert all(
        set(key) == {"kty", "n", "e", "kid", "alg", "use"}
        for key in keys.public_key_set(services)["keys"]
    )


def test_who_rotates_again_and_again_still_signs_with_a_key_that_was_published(
    services: Services, clock: FixedClock
) -> None:
    first = keys.signing_key(services).kid
    clock.advance(days=1)
    second = keys.rotate(services)
    assert [keys.rotate(services) for _again in range(3)] == [second] * 3
    assert keys.signing_key(services).kid == first
    clock.advance(hours=1)
    assert keys.signing_key(services).kid == second


def test_a_stolen_key_is_gone_at_once(services: Services, clock: FixedClock) -> None:
    keys.ensure_key(services)
    clock.advance(days=1)
    keys.rotate(services)
    only = keys.replace_stolen(services)
    assert [key["kid"] for key in keys.public_key_set(services)["keys"]] == [only]
    assert keys.signing_key(services).kid == only


def test_a_deployment_tells_which_client_is_meant_where_none_is_named(
    registered: Services, community: people.Community
) -> None:
    with registered.units.system() as uow:
        other = registrations.register(uow, new("client-2"))
        registrations.activate(uow, other.id, "9", community.id)
        uow.commit()
    assert "client_id=client-2" in oidc.start(registered, ask(deployment_id="9"), None).redirect_url
    with pytest.raises(NotRegistered):
        oidc.start(registered, ask(deployment_id="10"), None)


def test_strangers_do_not_crowd_out_who_is_written_down(registered: Services) -> None:
    for number in range(61):
        callers.note_unknown(registered, ISSUER, f"nope-{number}")
    callers.note_unknown(registered, ISSUER, "nope-3")
    with registered.units.system_reading() as uow:
        times = {one.client_id: one.times for one in callers.unknown_callers(uow)}
    assert times["nope-3"] == 2
    assert "nope-60" not in times


def test_callers_are_forgotten_after_a_month(registered: Services, clock: FixedClock) -> None:
    callers.note_unknown(registered, ISSUER, "nope")
    clock.advance(days=30, seconds=1)
    callers.forget_old(registered)
    with registered.units.system_reading() as uow:
        assert callers.unknown_callers(uow) == []


def test_a_hundred_deployments_may_wait_and_no_more(registered: Services) -> None:
    with registered.units.system_reading() as uow:
        found = registrations.find_registration(uow, ISSUER, "client-1")
    for number in range(103):
        callers.note_waiting(registered, found.id, f"d{number}")
    with registered.units.system_reading() as uow:
        assert len(registrations.deployments(uow)) == 101
