"""A community in which everything is under way once, and the address of each thing in it.

Built through public functions and pages alone: a programme with a running pair, an activity with
work and a review, a credential, a forum, a deep-linking request, an invitation, a delivery.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from discourse_hooks import connections
from discourse_hooks.connections import Credentials
from lti import invitations
from lti.models import DeepLinkingRequest, Deployment, DeploymentStatus, Platform, Registration
from plugin.credentials.models import Achievement, Credential
from plugin.kernel.dispatch import drain
from plugin.kernel.ids import new_id
from plugin.kernel.outbox import Delivery
from plugin.kernel.services import Services
from plugin.mentoring.models import Meeting, Pair, Promise, Side
from plugin.mentoring.queries.matchings import pairs
from plugin.people import public as people
from plugin.reviews import public as reviews
from plugin.reviews.models import Review
from plugin.web.models import WebInvitation
from plugin.web.public import invite
from tests.plugin.mentoring.village import Village, found
from tests.support.signed_in import Browser, sign_in

WEBHOOK_SECRET = "a-webhook-secret-of-the-attacked"
CONNECT_SECRET = "a-connect-secret-of-the-attacked"


@dataclass
class Attacked:
    """The community, its people, and the handle for every part of an address."""

    app: Flask
    village: Village
    handles: dict[str, str] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        return self.village.services

    def browser(self, name: str) -> Browser:
        """Somebody of this community, signed in from the course."""
        actor = self.village.teacher if name == "Tess" else self.village.actor(name)
        return sign_in(
            self.app.test_client(),
            self.services,
            self.village.community.id,
            actor.person_id,
            list(actor.roles),
        )

    def paths(self, **changes: str) -> Iterator[tuple[Rule, str, str]]:
        """Yield (rule, method, path) of every page, with the handles of this community."""
        adapter = self.app.url_map.bind("localhost")
        handles = self.handles | changes
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint.endswith("static"):
                continue
            path = adapter.build(
                rule.endpoint, {name: handle_of(rule, name, handles) for name in rule.arguments}
            )
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method, path


def handle_of(rule: Rule, name: str, handles: dict[str, str]) -> str:
    """The handle that belongs in this place of an address."""
    if name == "handle":
        first = rule.rule.split("/<handle>")[0].rsplit("/", 1)[-1]
        return handles[
            {"credentials": "credential", "achievements": "achievement"}.get(first, first)
        ]
    if name == "token":
        return handles["invitation"]
    return handles[name]


def attacked(app: Flask, services: Services, community: people.Community) -> Attacked:
    """Build all of it."""
    village = found(services, community)
    town = Attacked(app, village)
    town.handles.update(context=village.context.handle, programme=village.programme.handle)
    for name, side in (("Mona", Side.OFFER), ("Lea", Side.LEARN), ("Leo", Side.LEARN)):
        village.join(name, side)
    _pair(town)
    village.enrol("Ole")
    village.enrol("Pia")
    _review(town)
    _rest(town)
    return town


def _pair(town: Attacked) -> None:
    village = town.village
    draft = village.match()
    base = f"/c/{village.context.handle}/mentoring/{village.programme.handle}"
    town.browser("Tess").post(f"{base}/matchings/{draft.handle}/publish")
    drain(town.services)
    with town.services.units.reading(village.community.id) as uow:
        pair = uow.session.scalars(
            sa.select(Pair).where(
                Pair.mentee_id == village.id("Lea"), Pair.introduced_at.is_not(None)
            )
        ).one()
    at = f"{base}/pairs/{pair.handle}"
    mona = town.browser("Mona")
    assert mona.post(f"{at}/answer", {"answer": "accept"}).status_code == 303
    assert mona.post(f"{at}/promise", {"promise": "Read it"}).status_code == 303
    meeting = {"starts": "2026-12-01T18:00", "time_zone": "UTC", "minutes": "30", "place": "Café"}
    assert mona.post(f"{at}/meeting", meeting).status_code == 303
    with town.services.units.reading(village.community.id) as uow:
        town.handles.update(
            matching=draft.handle,
            learner=pairs(uow, draft.id).items[0].mentee_key,
            pair=pair.handle,
            meeting=uow.session.scalars(sa.select(Meeting.handle)).one(),
            promise=uow.session.scalars(sa.select(Promise.handle)).one(),
        )


def _review(town: Attacked) -> None:
    village, units = town.village, town.services.units
    with units.community(village.community.id) as uow:
        activity = reviews.create_activity(
            uow,
            context_id=village.context.id,
            created_by=village.teacher.person_id,
            title="Normal forms",
            instructions="Explain.",
            reviews_wanted=2,
        )
        for name in ("Lea", "Leo", "Ole", "Pia"):
            work = reviews.text_work(f"The work of {name}")
            reviews.submit_work(uow, activity, village.id(name), work)
        uow.commit()
    said = reviews.Rating(3, "I saw this in its second part.")
    written = reviews.Written(
        dict.fromkeys(("purpose", "reasoning", "form"), said), comment="Good."
    )
    for name in ("Leo", "Ole"):  # both get the oldest work, which is Lea's
        with units.community(village.community.id) as uow:
            taken = reviews.take_review(uow, activity, village.id(name))
            assert isinstance(taken, reviews.Reserved)
            reviews.submit_review(uow, taken.assignment, village.id(name), written)
            uow.commit()
    drain(town.services)
    with units.community(village.community.id) as uow:
        open_one = reviews.take_review(uow, activity, village.id("Pia"))
        assert isinstance(open_one, reviews.Reserved)
        uow.commit()
    with units.reading(village.community.id) as uow:
        review = uow.session.scalars(sa.select(Review)).first()
        assert review is not None
        works = uow.session.execute(sa.text("SELECT handle FROM reviews_submission ORDER BY id"))
        town.handles.update(
            activity=activity,
            assignment=open_one.assignment,
            review=review.handle,
            work=str(works.first()[0]),  # type: ignore[index]
        )


def _rest(town: Attacked) -> None:
    village, units = town.village, town.services.units
    with units.reading(village.community.id) as uow:
        town.handles["achievement"] = (
            uow.session.scalars(sa.select(Achievement.handle)).first() or "x"
        )
        town.handles["credential"] = (
            uow.session.scalars(sa.select(Credential.handle)).first() or "x"
        )
        town.handles["issuers"] = str(
            uow.session.execute(sa.text("SELECT handle FROM credentials_issuer")).scalar() or "x"
        )
    town.handles.update(
        listed="x", code="x", waiting="x", proposal="x", number="0", list_handle="x"
    )
    town.handles.update(
        share="x", portfolio="x", framework="x", asked="x", pathway="x", mentorship="x"
    )
    town.handles.update(form="jwt", run="x", resource="x", newcomer="x", hook="people")
    town.handles.setdefault("person", "x")
    town.handles["connection"] = connect_forum(town.services, village.community)
    with units.system() as uow:
        link = invite(uow, community_id=village.community.id, email="new@example.org")
        delivery = uow.session.scalars(sa.select(Delivery.id)).first()
        uow.session.flush()
        invitation = uow.session.scalars(sa.select(WebInvitation.handle)).first()
        town.handles.update(
            invitation=link.rsplit("/", 1)[-1],
            invitations=str(invitation),
            delivery=delivery.hex if delivery else "x",
        )
        uow.commit()
    town.handles["deep-linking"] = _deep_linking(town)
    town.handles.update(platform="registration-handle", deployment="deployment-handle")
    with units.community(village.community.id) as work:
        made = invitations.invite(
            work, town.services.vault, village.community.id, "moodle", actor=None
        )
        town.handles["link"] = made.handle
        work.commit()


def connect_forum(services: Services, community: people.Community) -> str:
    """Connect a forum that nobody calls and return the connection's handle."""
    entered = Credentials("https://forum.example.org", WEBHOOK_SECRET, CONNECT_SECRET, "key", "bot")
    with services.units.system() as uow:
        row = connections.connect(
            uow, services, community.id, entered, title="Forum", quiet=True, calls_per_minute=60
        )
        uow.commit()
        return row.handle


def _deep_linking(town: Attacked) -> str:
    village, units = town.village, town.services.units
    ids = {name: new_id() for name in ("platform", "registration", "deployment")}
    url = "https://lms.example"
    with units.system() as uow:
        uow.session.add(Platform(id=ids["platform"], issuer=url, name="LMS", created_at=uow.now()))
        uow.session.flush()
        uow.session.add(
            Registration(
                id=ids["registration"],
                platform_id=ids["platform"],
                client_id="c",
                created_at=uow.now(),
                community_id=village.community.id,
                handle="registration-handle",
                auth_login_url=f"{url}/auth",
                auth_token_url=f"{url}/token",
                key_set_url=f"{url}/jwks",
            )
        )
        uow.session.flush()
        uow.session.add(
            Deployment(
                id=ids["deployment"],
                handle="deployment-handle",
                registration_id=ids["registration"],
                deployment_id="1",
                community_id=village.community.id,
                status=DeploymentStatus.ACTIVE,
                created_at=uow.now(),
            )
        )
        uow.commit()
    with units.community(village.community.id) as uow:
        columns: dict[str, Any] = {
            "person_id": village.teacher.person_id,
            "deployment_id": ids["deployment"],
            "context_id": village.context.id,
            "return_url": f"{url}/return",
            "data": None,
            "accept_multiple": True,
            "accept_line_items": True,
            "accepts_links": True,
            "created_at": uow.now(),
        }
        row = DeepLinkingRequest(**columns)
        uow.session.add(row)
        uow.commit()
        return row.handle


def forms(town: Attacked) -> dict[str, dict[str, Any]]:
    """What a form of each page sends when everything in it is right, by endpoint."""
    about = {
        "title": "T",
        "purpose": "P",
        "scope": "S",
        "outcome": "O",
        "safety_contact": "",
        "ends_on": "2027-01-31",
        "minutes_per_week": "30",
        "learners": "12",
        "mentors": "3",
        "mentor_minutes": "120",
        "step": "forecast",
    }
    answers = {
        "side": "learn",
        "skills": "SQL",
        "when": ["0-18"],
        "time_zone": "Europe/Berlin",
        "minutes_per_week": "60",
        "languages": ["en"],
        "sentence": "Hello",
        "goals": ["project"],
        "stage": "0",
    }
    rated = {f"level_{key}": "2" for key in ("purpose", "reasoning", "form")}
    said = {
        f"evidence_{key}": "I saw this in the text." for key in ("purpose", "reasoning", "form")
    }
    setup = {
        "organisation": "O",
        "locale": "en",
        "time_zone": "UTC",
        "name": "N",
        "email": "n@example.org",
        "safety_email": "s@example.org",
    }
    return {
        "mentoring.start": about,
        "mentoring.join": answers,
        "mentoring.invite_mentors": {"addresses": "a@example.org"},
        "mentoring.safety_contact": {"person": "x"},
        "mentoring.edit_pair": {"mentee": "x", "mentor": ""},
        "mentoring.answer_pair": {"answer": "end"},
        "mentoring.set_goal": {"text": "G", "evidence": "E", "due_on": "2027-01-31"},
        "mentoring.make_promise": {"promise": "P"},
        "mentoring.propose_meeting": {
            "starts": "2026-12-02T18:00",
            "time_zone": "UTC",
            "minutes": "30",
            "place": "P",
        },
        "mentoring.answer_meeting": {"answer": "agree"},
        "mentoring_places.places": {"place": "P"},
        "reviews.create": {
            "title": "T",
            "instructions": "I",
            "rubric": "clear-work",
            "reviews_wanted": "2",
            "minutes_each": "20",
            "due_at": "2027-01-31T12:00",
            "anonymity": "double",
            "score_to_gradebook": "on",
            "action": "create",
        },
        "reviews.submit": {"text": "W", "link": ""},
        "reviews.answer": {"text": "A"},
        "reviews.write": {**rated, **said, "comment": "C", "action": "save"},
        "reviews.gradebook": {"on": "on"},
        "reviews.open_or_close": {"is_open": "on"},
        "home.profile": {"name": "N", "locale": "en", "time_zone": "UTC"},
        "home.address": {"email": "n@example.org"},
        "home.your_time": {"minutes": "60"},
        "notifications.choose": {"begins": "22", "ends": "7", "matched.mail": "now"},
        "credentials_making.create": {
            "name": "Name",
            "description": "Description",
            "bar": "clear-work:2",
            "reviews": "2",
            "mode": "automatic",
            "kind": "Competency",
            "combine": "all",
        },
        "credentials_making.revise": {
            "name": "Name",
            "description": "Description",
            "bar": "clear-work:2",
            "reviews": "2",
            "mode": "automatic",
            "kind": "Competency",
            "combine": "all",
        },
        "credentials_making.translate": {"locale": "de", "name": "N", "description": "D"},
        "credentials_staff.decline": {"reason": "A reason"},
        "credentials_staff.give": {"who": "n@example.org", "words": "A reason that is one"},
        "credentials_staff.revoke": {"reason": "A reason"},
        "credentials_status.begin": {"action": "suspend", "reason": "A reason", "who": "x"},
        "credentials_check.answer": {"text": "{}", "address": "https://x.example/"},
        "credentials_files.check_email": {"email": "a@example.org"},
        "credentials_mine.share": {"show": "named", "name": "N", "links": "on"},
        "credentials_mine.claim": {"show": "named", "name": "N", "links": "on"},
        "credentials_sharing.make_link": {"label": "L", "days": "30"},
        "credentials_sharing.link_portfolio": {"label": "L", "days": "30"},
        "credentials_sharing.arrange": {"title": "T", "about": "A", "holder_name": "N"},
        "credentials_recognition.thank": {"note": "N", "confirmed": ["goal"]},
        "credentials_recognition.decide": {"achievement": "x", "words": "I saw it myself."},
        "credentials_vouching.vouch": {"words": "I saw it myself.", "shown_name": "A reviewer"},
        "credentials_frameworks.create": {"name": "Name", "text": "name"},
        "credentials_frameworks.align": {"competency": "x:1", "level": "0"},
        "credentials_frameworks.unalign": {"competency": "x:1"},
        "credentials_pathways.create": {"name": "Name", "description": "D"},
        "credentials_pathways.add_stage": {"name": "Name", "expectation": "E"},
        "credentials_giving.check": {"text": "person,reason"},
        "administration.staff": {"right": "coordinator", "email": "n@example.org", "note": "N"},
        "administration.withdraw_right": {"person": "x", "right": "assistant", "context": "x"},
        "discourse_admin.connect": {
            "base_url": "https://f2.example.org",
            "title": "T",
            "api_username": "b",
            "api_key": "k",
            "webhook_secret": "s" * 20,
            "connect_secret": "c" * 20,
        },
        "discourse_admin.quiet": {"quiet": "on"},
        "discourse.confirm_link": {"nonce": "x"},
        "lti.answer": {"item": ["x"], "column": "on"},
        "lti.login": {
            "iss": "https://lms.example",
            "login_hint": "1",
            "target_link_uri": "http://localhost/",
            "client_id": "c",
            "lti_deployment_id": "1",
            "lti_message_hint": "h",
        },
        "lti.launch": {"state": "x", "id_token": "a.b.c", "error": ""},
        "web_mail.mail_sign_in": {"email": "lea@example.org", "next": "/"},
        "web_mail.code": {"code": "123456"},
        "web_mail.invitation": {"email": "new@example.org", "name": "N"},
        "web.open_tab": {"code": "x"},
        "setup.begin": setup,
    }
