"""The town before the storm: people who came through real launches, links to the forum, drafts of
matchings, and reviews that are handed in while no worker runs."""

import threading
from dataclasses import dataclass
from uuid import UUID

from werkzeug.serving import make_server

from discourse_hooks import connections, linking
from discourse_hooks.sso import ForumAccount
from plugin.app import Composition, compose, create_app
from plugin.kernel import migrate
from plugin.kernel.jobs import sweep
from plugin.mentoring import public as mentoring
from plugin.people import public as people
from plugin.practice.forum import seed as forum_seed
from plugin.practice.forum.server import QuietHandler
from plugin.practice.lms import seed as lms_seed
from plugin.practice.lms.records import Role, Tool
from plugin.practice.lms.visitor import Visitor, tool_browser
from plugin.reviews import public as reviews
from tests.faults.place import Neighbours, Place, neighbours
from tests.support.world import connect_forum, register_platform

LEARNERS, LINKED, MENTORS, STRANGERS, MATCHINGS = 20, 14, 12, 14, 3
ASKER = "asker"
EVENINGS = tuple(day * 24 + hour for day in range(5) for hour in (18, 19, 20, 21))


@dataclass(frozen=True)
class Town:
    """What the story must know: whose word publishes which matchings."""

    place: Place
    community_id: UUID
    teacher: people.Actor
    matchings: tuple[tuple[mentoring.ProgrammeView, UUID], ...]


def learner(number: int) -> str:
    return f"learner{number:02}"


def mentor(number: int) -> str:
    return f"mentor{number:02}"


def stranger(number: int) -> str:
    """Somebody who is in the forum alone."""
    return f"stranger{number:02}"


def prepare(place: Place) -> Town:
    """Fill an empty place; when it returns nothing runs, and the reviews' events wait."""
    with neighbours(place) as near:
        composition = compose(place.settings)
        migrate.upgrade(composition.services.units.engine)
        with composition.services.units.system() as uow:
            community = people.found_community(uow, "Practice community")
            uow.commit()
        builder = Builder(place, near, composition, community)
        server = make_server(
            "localhost",
            place.ports.lantern,
            create_app(place.settings, composition=composition),
            threaded=True,
            request_handler=QuietHandler,
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            town = builder.build()
            assert near.forum.sender.wait_idle(60)
            builder.settle()
            builder.hand_in_reviews()
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            composition.services.units.engine.dispose()
    return town


@dataclass
class Builder:
    """Builds through real doors and public functions."""

    place: Place
    near: Neighbours
    composition: Composition
    community: people.Community
    context: people.Context | None = None

    def build(self) -> Town:
        tool = register_platform(self.place.settings.base_url, self.near.lms, self.place.settings)
        connection = connect_forum(self.near.forum, self.place.settings)
        self.teacher = self._launch_all(tool)
        self.settle()
        self._fill_forum(connection)
        matchings = tuple(self._draft(number) for number in range(MATCHINGS))
        return Town(self.place, self.community.id, self.teacher, matchings)

    def settle(self) -> None:
        """The worker's part, here: until nothing is due."""
        while sweep(self.composition.services):
            pass

    def _launch_all(self, tool: Tool) -> people.Actor:
        store = self.near.lms.store
        course = lms_seed.add_course(store, label="DB", title="Databases")
        activity = lms_seed.add_activity(store, course.id, tool.id, title="Lantern")
        for name in ("teacher", *(learner(n) for n in range(LEARNERS))):
            user = lms_seed.add_user(
                store, username=name, given_name=name.capitalize(), family_name="Doe"
            )
            role = Role.INSTRUCTOR if name == "teacher" else Role.LEARNER
            lms_seed.enrol(store, course.id, user.id, role)
            visitor, browser = Visitor(self.near.lms.base_url, user.id), tool_browser()
            answer = visitor.launch(visitor.open_activity(activity.id), browser)
            assert answer.is_redirect, answer.text[:500]
            visitor.close()
            browser.close()
        with self.composition.services.units.community(self.community.id) as uow:
            (self.context,) = people.contexts(uow)
            everybody = people.members(uow, self.context.id)
            for member in everybody:
                name = member.person.name.split()[0].lower()
                people.confirm_email(uow, member.person.id, f"{name}@example.org")
            uow.commit()
        (one,) = (member for member in everybody if member.role == people.TEACHER)
        return self._actor(one.person.id, people.TEACHER)

    def _actor(self, person_id: UUID, role: str | None) -> people.Actor:
        assert self.context is not None
        roles = frozenset({(self.context.id, role)} if role else ())
        with self.composition.services.units.reading(self.community.id) as uow:
            rights = people.rights_of(uow, person_id)
        return people.Actor(person_id, self.community.id, rights=rights, roles=roles)

    def _fill_forum(self, connection: str) -> None:
        forum = self.near.forum
        names = [
            ASKER,
            *(learner(n) for n in range(LINKED)),
            *(mentor(n) for n in range(MENTORS)),
            *(stranger(n) for n in range(STRANGERS)),
        ]
        ids = {
            name: forum_seed.add_user(forum, name, name.capitalize(), f"{name}@forum.example")
            for name in names
        }
        with self.composition.services.units.community(self.community.id) as uow:
            known = connections.by_handle(self.composition.services, connection)
            assert known is not None
            for number in range(LINKED):
                found = people.person_by_email(uow, f"{learner(number)}@example.org")
                assert found is not None
                account = _account(learner(number), ids)
                linking.link(uow, self.composition.people, known, account, found.id)
            for number in range(MENTORS):
                person_id = linking.sign_in(uow, known, _account(mentor(number), ids))
                if number % 3:  # every third has no address and hears of things in the forum
                    people.confirm_email(uow, person_id, f"{mentor(number)}@example.org")
            uow.commit()

    def _draft(self, number: int) -> tuple[mentoring.ProgrammeView, UUID]:
        """A programme with everybody in it, and its matching that awaits the coordinator."""
        assert self.context is not None
        units = self.composition.services.units
        about = mentoring.About(
            title=f"Programme {number}",
            purpose="Nobody learns alone.",
            scope="Questions of this course.",
            outcome="Everybody finishes the project.",
            minutes_per_week=15,
            safety_contact_id=self.teacher.person_id,
        )
        with units.community(self.community.id) as uow:
            programme = mentoring.start_programme(uow, self.teacher, self.context.id, about)
            uow.commit()
        self.teacher = self._actor(self.teacher.person_id, people.TEACHER)
        with units.reading(self.community.id) as uow:
            learners = people.members(uow, self.context.id, people.LEARNER)
            mentors = [
                identity.person_id
                for n in range(MENTORS)
                if (identity := self._account_of(uow, mentor(n))) is not None
            ]
        for member in learners:
            actor = self._actor(member.person.id, people.LEARNER)
            self._join(programme, actor, mentoring.Side.LEARN)
        for person_id in mentors:
            assert person_id is not None
            self._join(programme, self._actor(person_id, None), mentoring.Side.OFFER)
        with units.community(self.community.id) as uow:
            asked = mentoring.request_matching(uow, self.teacher, programme)
            uow.commit()
        self.settle()
        with units.reading(self.community.id) as uow:
            made = mentoring.totals(uow, asked.id)
        assert made.pairs >= LEARNERS // 2, made
        return programme, asked.id

    def _account_of(self, uow: object, name: str) -> people.Identity | None:
        base = self.near.forum.base_url
        number = forum_seed.user_id(self.near.forum, name)
        return people.find_identity(uow, base, str(number))  # type: ignore[arg-type]

    def _join(
        self, programme: mentoring.ProgrammeView, actor: people.Actor, side: mentoring.Side
    ) -> None:
        answers = mentoring.Answers(
            side=side,
            hours=EVENINGS,
            time_zone="Europe/Berlin",
            languages=("en",),
            sentence="Glad to be here.",
            skills=("SQL",),
            minutes_per_week=240 if side is mentoring.Side.OFFER else None,
        )
        with self.composition.services.units.community(self.community.id) as uow:
            mentoring.join(uow, actor, programme, answers)
            uow.commit()

    def hand_in_reviews(self) -> None:
        """Everybody hands in and reviews two; nothing that follows has happened yet."""
        assert self.context is not None
        units = self.composition.services.units
        with units.community(self.community.id) as uow:
            learners = [one.person.id for one in people.members(uow, self.context.id, "learner")]
            activity = reviews.create_activity(
                uow,
                context_id=self.context.id,
                created_by=self.teacher.person_id,
                title="Normal forms",
                instructions="Explain the third normal form.",
                score_to_gradebook=True,
            )
            uow.commit()
        for number, person_id in enumerate(learners):
            with units.community(self.community.id) as uow:
                work = reviews.text_work(f"The work of learner {number}.")
                reviews.submit_work(uow, activity, person_id, work)
                uow.commit()
        for turn in range(3):
            for number, person_id in enumerate(learners):
                with units.community(self.community.id) as uow:
                    taken = reviews.take_review(uow, activity, person_id)
                    if isinstance(taken, reviews.Reserved):
                        written = _review(1 + (number + turn) % 3)
                        reviews.submit_review(uow, taken.assignment, person_id, written)
                    uow.commit()


def _account(name: str, ids: dict[str, int]) -> ForumAccount:
    return ForumAccount("", str(ids[name]), name, name.capitalize())


def _review(level: int) -> reviews.Written:
    rating = reviews.Rating(max(level, 2), "I saw this in the second paragraph.")
    return reviews.Written(
        {
            "purpose": rating,
            "reasoning": reviews.Rating(level, "The third paragraph shows how it was found."),
            "form": rating,
        },
        comment="Thank you for letting me read this.",
    )
