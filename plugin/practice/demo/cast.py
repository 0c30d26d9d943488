"""Who lives in the practice community: three courses, sixty people, twelve of them mentors."""

from __future__ import annotations

from dataclasses import dataclass, replace

TEACHER, ASSISTANT, LEARNER = "teacher", "assistant", "learner"
COURSE, FORUM, MAIL = "course", "forum", "mail"


@dataclass(frozen=True)
class CourseFacts:
    """A course of the practice LMS."""

    key: str
    title: str
    teacher: str
    skills: tuple[str, ...]


COURSES = (
    CourseFacts("DB101", "Databases", "amara", ("SQL", "data modelling", "indexes", "Python")),
    CourseFacts(
        "WRI2", "Academic writing", "henrik", ("structure", "sources", "style", "feedback")
    ),
    CourseFacts("STAT1", "Statistics", "lucia", ("R", "probability", "regression", "charts")),
)


@dataclass(frozen=True)
class Person:
    """One of the sixty. ``door`` is how a mentor comes in; everybody else comes from a course."""

    key: str
    given: str
    family: str
    language: str
    zone: str
    courses: tuple[str, ...]
    role: str = LEARNER
    mentors: bool = False
    door: str = COURSE
    in_forum: bool = False

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def email(self) -> str:
        return f"{self.key}@practice.example"


def _line(text: str, courses: tuple[str, ...], **more: object) -> list[Person]:
    """Read people from lines ``key given family language zone [+]``; a plus is a forum member."""
    found = []
    for line in text.strip().splitlines():
        key, given, family, language, zone, *mark = line.split()
        person = Person(key, given, family.replace("_", " "), language, zone, courses)
        found.append(replace(person, in_forum=bool(mark), **more))  # type: ignore[arg-type]
    return found


STAFF = (
    *_line("amara Amara Okonkwo en Africa/Lagos +", ("DB101",), role=TEACHER),
    *_line("henrik Henrik Lindqvist en Europe/Stockholm", ("WRI2",), role=TEACHER),
    *_line("lucia Lucía Fernández es America/Mexico_City +", ("STAT1",), role=TEACHER),
    *_line("tobias Tobias Brandt de Europe/Berlin +", ("DB101",), role=ASSISTANT),
)

COURSE_MENTORS = (
    *_line(
        """
        priya Priya Raghunathan en Asia/Kolkata +
        jonas Jonas Weber de Europe/Berlin +
        mei Mei Tanaka en Asia/Tokyo +
        """,
        ("DB101",),
        mentors=True,
    ),
    *_line(
        """
        salma Salma Haddad fr Africa/Casablanca +
        oliver Oliver Grant en Europe/London
        """,
        ("WRI2",),
        mentors=True,
    ),
)
FORUM_MENTORS = (
    *_line(
        """
        katya Kateryna Shevchenko uk Europe/Kyiv +
        rafael Rafael Monteiro pt America/Sao_Paulo +
        """,
        ("DB101",),
        mentors=True,
        door=FORUM,
    ),
    *_line("noor Noor van_Dijk nl Europe/Amsterdam +", ("WRI2",), mentors=True, door=FORUM),
)
MAIL_MENTORS = (
    *_line(
        """
        grace Grace Mbeki en Africa/Johannesburg
        stefan Stefan Huber de Europe/Vienna
        """,
        ("DB101",),
        mentors=True,
        door=MAIL,
    ),
    *_line(
        """
        claire Claire Dubois fr Europe/Paris
        daniel Daniel O'Connor en Europe/Dublin
        """,
        ("WRI2",),
        mentors=True,
        door=MAIL,
    ),
)
MENTORS = (*COURSE_MENTORS, *FORUM_MENTORS, *MAIL_MENTORS)

LEARNERS = (
    *_line(
        """
        adaeze Adaeze Nwosu en Africa/Lagos +
        lukas Lukas Schneider de Europe/Berlin +
        yuki Yuki Sato en Asia/Tokyo
        fatima Fatima El_Amrani fr Africa/Casablanca +
        tomas Tomáš Novák en Europe/Prague +
        ananya Ananya Iyer en Asia/Kolkata +
        leon Leon Fischer de Europe/Zurich
        oksana Oksana Bondarenko uk Europe/Kyiv +
        miguel Miguel Herrera es America/Bogota +
        chloe Chloé Martin fr Europe/Brussels
        ibrahim Ibrahim Yılmaz tr Europe/Istanbul +
        hannah Hannah Keller de Europe/Berlin
        samuel Samuel Adeyemi en Africa/Lagos
        ling Ling Chen zh Asia/Shanghai +
        """,
        ("DB101",),
    ),
    *_line(
        """
        emma Emma Johansson en Europe/Stockholm +
        rashid Rashid Khan en Asia/Dubai
        sofia Sofia Rossi it Europe/Rome +
        pierre Pierre Laurent fr Europe/Paris
        zanele Zanele Dlamini en Africa/Johannesburg +
        marta Marta Kowalska pl Europe/Warsaw
        joao João Pereira pt Europe/Lisbon +
        aisha Aisha Mohammed en Africa/Nairobi
        felix Felix Wagner de Europe/Vienna +
        naomi Naomi Levi en Asia/Jerusalem
        """,
        ("WRI2",),
    ),
    *_line(
        """
        carlos Carlos Jiménez es America/Mexico_City +
        valentina Valentina Ruiz es America/Lima
        diego Diego Torres es America/Argentina/Buenos_Aires
        thandi Thandi Nkosi en Africa/Johannesburg +
        arjun Arjun Mehta hi Asia/Kolkata
        sara Sara Lindgren en Europe/Stockholm
        mohammed Mohammed Al-Farsi ar Asia/Muscat
        elena Elena Petrova ru Europe/Sofia
        kwame Kwame Asante en Africa/Accra +
        ines Inês Carvalho pt Europe/Lisbon
        marek Marek Dvořák en Europe/Prague
        isabel Isabel Navarro es Europe/Madrid
        david David Cohen en America/New_York
        grzegorz Grzegorz Nowak pl Europe/Warsaw
        amelie Amélie Roux fr Europe/Paris
        peter Peter Novotny en America/Toronto
        """,
        ("STAT1",),
    ),
    *_line(
        """
        julia Julia Becker de Europe/Berlin +
        ravi Ravi Shankar en Asia/Kolkata
        olena Olena Tkachenko uk Europe/Kyiv
        hassan Hassan Benali fr Africa/Casablanca
        """,
        ("DB101", "STAT1"),
    ),
)
EVERYBODY = (*STAFF, *MENTORS, *LEARNERS)


@dataclass(frozen=True)
class Cast:
    """Who takes part in one filling; a test takes fewer."""

    courses: tuple[CourseFacts, ...]
    people: tuple[Person, ...]

    def person(self, key: str) -> Person:
        return next(one for one in self.people if one.key == key)

    def teacher(self, course: CourseFacts) -> Person:
        return self.person(course.teacher)

    def mentors(self, course: CourseFacts, door: str | None = None) -> list[Person]:
        return [
            one
            for one in self.people
            if one.mentors and course.key in one.courses and door in (None, one.door)
        ]

    def learners(self, course: CourseFacts) -> list[Person]:
        return [
            one
            for one in self.people
            if course.key in one.courses and one.role == LEARNER and not one.mentors
        ]

    @property
    def lms_people(self) -> list[Person]:
        """Those whom the learning platform knows."""
        return [one for one in self.people if one.door == COURSE]

    @property
    def forum_people(self) -> list[Person]:
        return [one for one in self.people if one.in_forum]


WHOLE = Cast(COURSES, EVERYBODY)


def some(learners: int) -> Cast:
    """A smaller community with the same staff and mentors, for a test."""
    chosen = []
    for course in COURSES:
        chosen += [one for one in LEARNERS if one.courses[0] == course.key][:learners]
    return Cast(COURSES, (*STAFF, *MENTORS, *chosen))
