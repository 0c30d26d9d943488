"""A small course with a teacher, learners and mentors, built through public functions alone."""

from dataclasses import dataclass, field
from uuid import UUID

from plugin.kernel.dispatch import drain
from plugin.kernel.services import Services
from plugin.mentoring.matching import Aim
from plugin.mentoring.models import Side
from plugin.mentoring.queries.matchings import MatchingView, matching, matchings
from plugin.mentoring.queries.programmes import ProgrammeView, programme
from plugin.mentoring.services.compute import request_matching
from plugin.mentoring.services.join import Answers, join
from plugin.mentoring.services.start import About, start_programme
from plugin.people import public as people

ABOUT = About(
    title="Learning with somebody",
    purpose="Nobody learns alone.",
    scope="Questions of this course.",
    outcome="Everybody finishes the project.",
)
EVENINGS = tuple(day * 24 + hour for day in range(5) for hour in (18, 19, 20, 21))


@dataclass
class Village:
    """Who is there; `context` is the course."""

    services: Services
    community: people.Community
    context: people.Context
    teacher: people.Actor
    programme: ProgrammeView
    actors: dict[str, people.Actor] = field(default_factory=dict)

    def actor(self, name: str) -> people.Actor:
        return self.actors[name]

    def id(self, name: str) -> UUID:
        return self.actors[name].person_id

    def join(self, name: str, side: Side, *, mail: bool = True, **changes: object) -> people.Actor:
        """Bring somebody into the course and the programme."""
        actor = self.enrol(name, mail=mail)
        given: dict[str, object] = {
            "side": side,
            "hours": EVENINGS,
            "time_zone": "Europe/Berlin",
            "languages": ("en",),
            "sentence": "Glad to be here.",
            "skills": ("SQL",),
            "minutes_per_week": 60 if side is Side.OFFER else None,
            **changes,
        }
        with self.services.units.community(self.community.id) as uow:
            join(uow, actor, self.programme, Answers(**given))  # type: ignore[arg-type]
            uow.commit()
        return actor

    def enrol(
        self, name: str, role: str = people.LEARNER, *, mail: bool = True, present: bool = True
    ) -> people.Actor:
        """Put somebody on the roster, here now and with a confirmed address unless told otherwise.

        ``present=False`` is somebody whom only the platform's list names.
        """
        with self.services.units.community(self.community.id) as uow:
            person = people.admit(
                uow,
                issuer="https://lms.example",
                subject=name,
                kind="lti",
                display_name=name,
                time_zone="Europe/Berlin",
                present=present,
            )
            if mail:
                people.confirm_email(uow, person.id, f"{name.lower()}@example.org")
            people.enrol(uow, person.id, self.context.id, role, "roster")
            uow.commit()
        self.actors[name] = people.Actor(
            person.id,
            self.community.id,
            roles=frozenset({(self.context.id, role)}),
            time_zone="Europe/Berlin",
        )
        return self.actors[name]

    def match(self, aim: Aim = Aim.TOTAL) -> MatchingView:
        """Run a matching to its draft."""
        with self.services.units.community(self.community.id) as uow:
            request_matching(uow, self.teacher, self.programme, aim)
            uow.commit()
        drain(self.services)
        return self.latest()

    def latest(self) -> MatchingView:
        with self.services.units.reading(self.community.id) as uow:
            return matching(uow, matchings(uow, self.programme.id)[0].id)

    def reload(self) -> None:
        with self.services.units.reading(self.community.id) as uow:
            self.programme = programme(uow, self.programme.id)


def found(services: Services, community: people.Community) -> Village:
    """A course with a programme that its teacher has started and answers for."""
    with services.units.community(community.id) as uow:
        context = people.context_for(
            uow, issuer="https://lms.example", external_id="1", kind="course", title="Databases"
        )
        person = people.admit(
            uow, issuer="https://lms.example", subject="t", kind="lti", display_name="Tess"
        )
        people.confirm_email(uow, person.id, "tess@example.org")
        people.enrol(uow, person.id, context.id, people.TEACHER, "launch")
        starter = people.Actor(
            person.id, community.id, roles=frozenset({(context.id, people.TEACHER)})
        )
        about = About(**{**ABOUT.__dict__, "safety_contact_id": person.id})
        started = start_programme(uow, starter, context.id, about)
        teacher = people.Actor(
            person.id,
            community.id,
            rights=people.rights_of(uow, person.id),
            roles=starter.roles,
        )
        uow.commit()
    return Village(services, community, context, teacher, started)
