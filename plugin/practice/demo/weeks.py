"""What happens in which week of the practice community."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from plugin.practice.demo import mentoring, opening, reviewing
from plugin.practice.demo.cast import ASSISTANT, FORUM, MAIL, CourseFacts, Person
from plugin.practice.demo.members import Arrived
from plugin.practice.demo.mentoring import LEARN, OFFER, Wish
from plugin.practice.demo.reviewing import publish_achievement
from plugin.practice.demo.story import Story
from plugin.practice.demo.words import PLACES, PROGRAMMES, TASKS, WORKS

MENTOR_MINUTES = 120
FEW_WORDS = ("hassan",)  # no mentor of the first course speaks French: left over, with the reason
LATE = ("julia", "ravi", "olena", "hassan")


def first(story: Story) -> None:
    """Set-up; two programmes start, people join, mentors are invited."""
    story.founder = opening.found_community(story.town)
    opening.connect(story.town)
    opening.fill_lms(story.town, story.cast)
    story.categories = opening.fill_forum(story.town, story.cast)
    publish_achievements(story)
    for course in story.cast.courses[:2]:
        _start(story, course)
    for course in story.cast.courses[:2]:
        joining = [one for one in story.cast.learners(course) if one.key not in LATE]
        # The last of each course only look; they stand as "begun" on the teacher's page.
        story.each(joining[:-1], partial(_join, story, course, LEARN))
        story.each(joining[-1:], partial(_look, story, course))
        story.each(story.cast.mentors(course), partial(_join, story, course, OFFER))
    story.forum_week(days=1, topics=2)


def _start(story: Story, course: CourseFacts) -> None:
    teacher = story.enter(story.cast.teacher(course), course)
    story.doors.confirm_address(teacher)
    story.doors.read_privacy(teacher)
    if teacher.person.in_forum:
        story.doors.link_forum(teacher)
    about = PROGRAMMES[course.key]
    story.programmes[course.key] = mentoring.start_programme(teacher, about)
    guests = [one for one in story.cast.mentors(course) if one.door in (FORUM, MAIL)]
    if guests:
        addresses = [one.email for one in guests]
        mentoring.invite(teacher, story.programmes[course.key], addresses)


def _join(story: Story, course: CourseFacts, side: str, person: Person) -> None:
    arrived = _first_time(story, person, course)
    minutes = MENTOR_MINUTES if side == OFFER else 0
    wish = Wish(side, course.skills, minutes, only_own_language=person.key in FEW_WORDS)
    mentoring.join(arrived, story.programmes[course.key], wish, story.random(person))


def _look(story: Story, course: CourseFacts, person: Person) -> None:
    mentoring.begin(story.enter(person, course), story.programmes[course.key])


def _first_time(story: Story, person: Person, course: CourseFacts) -> Arrived:
    """Come in for the first time; whoever writes in the forum links it, mentors confirm mail."""
    if person.door in (FORUM, MAIL):
        return story.come_as_guest(person)
    arrived = story.enter(person, course)
    if person.in_forum:
        story.doors.link_forum(arrived)
    if person.mentors or not person.in_forum:
        story.doors.confirm_address(arrived)
    if person.mentors:
        story.doors.read_privacy(arrived)
    return arrived


def match(story: Story, course: CourseFacts) -> None:
    """The teacher runs a matching and publishes it; the mentors say yes."""
    programme = story.programmes[course.key]
    teacher = story.enter(story.cast.teacher(course), course)
    known = {mail.name for mail in story.town.mail.all()}
    mentoring.publish(teacher, mentoring.run_matching(teacher, programme))

    def say_yes(mentor: Person) -> None:
        arrived = story.enter(mentor, course)
        accepted = mentoring.accept_by_mail(story.town, arrived, known)
        # A mail may still be on its way: the rest is answered in the tool.
        if accepted < len(mentoring.pairs(arrived, programme)):
            for pair in mentoring.pair_pages(arrived, programme):
                pair.accept()

    story.each(story.cast.mentors(course), say_yes)


def meet(story: Story, course: CourseFacts, days: int) -> None:
    """Mentors propose a meeting; learners agree, write a goal, both promise something."""
    programme = story.programmes[course.key]

    def propose(mentor: Person) -> None:
        arrived, random = story.enter(mentor, course), story.random(mentor)
        for pair in mentoring.pair_pages(arrived, programme):
            if pair.runs:
                ahead = days + random.randint(0, 2)
                pair.propose_meeting(ahead, story.town.now, random.choice(PLACES))
                pair.promise(random)

    def agree(learner: Person) -> None:
        arrived, random = story.enter(learner, course), story.random(learner)
        for pair in mentoring.pair_pages(arrived, programme):
            if pair.runs:
                pair.keep_promises()
                pair.agree_meeting()
                pair.set_goal(story.town.now + timedelta(weeks=4), random)
                pair.promise(random)

    story.each(story.cast.mentors(course), propose)
    story.each(story.cast.learners(course), agree)


def finish(story: Story, course: CourseFacts, count: int) -> None:
    """Some pairs have reached what they wanted and end."""
    programme = story.programmes[course.key]
    for learner in reversed(story.cast.learners(course)):
        arrived = story.enter(learner, course)
        for pair in mentoring.pair_pages(arrived, programme):
            if count and pair.runs:
                pair.keep_promises()
                pair.end()
                count -= 1
        if not count:
            return


def review_task(
    story: Story, course: CourseFacts, task: str, *, authors: int, rounds: int, open_ones: int = 0
) -> None:
    """A task with reviews: some hand in, read each other's work, answer.

    With fewer rounds than reviews wanted, reviews wait; the first ``open_ones`` have a review
    in hand, saved and not sent.
    """
    teacher = story.enter(story.cast.teacher(course), course)
    title, text = TASKS[task]
    due = story.town.now + timedelta(days=10)
    path = reviewing.set_task(teacher, title, text, due, gradebook=course.key == "DB101")
    story.tasks[task] = path
    writers = [one for one in story.cast.learners(course) if one.key not in LATE][:authors]

    def hand_in(person: Person) -> None:
        work = story.random(person).choice(WORKS)
        reviewing.hand_in(story.enter(person, course), path, work)

    def read(person: Person, *, send: bool = True) -> None:
        arrived, random = story.enter(person, course), story.random(person)
        page = reviewing.take(arrived, path)
        if page is not None:
            reviewing.review(arrived, page, random, send=send)

    story.each(writers, hand_in)
    for _round in range(rounds):
        story.each(writers, read)
    story.each(writers[:open_ones], lambda one: read(one, send=False))
    if rounds > 1:
        answering = writers[: len(writers) // 2]
        story.each(
            answering,
            lambda one: reviewing.answer_reviews(story.enter(one, course), path, story.random(one)),
        )


def show_credentials(story: Story, course: CourseFacts, most: int) -> None:
    """Some who earned something open the public page."""
    for person in story.cast.learners(course)[:most]:
        arrived = story.enter(person, course)
        for path in reviewing.earned(arrived)[:1]:
            reviewing.share(arrived, path)


def last(story: Story) -> None:
    """A third programme begins; late learners wait in a draft matching; reviews wait."""
    databases, _writing, statistics = story.cast.courses
    _start(story, statistics)
    learners = [one for one in story.cast.learners(statistics) if one.key not in LATE]
    story.each(learners[:5], partial(_join, story, statistics, LEARN))
    story.each(learners[5:8], partial(_look, story, statistics))
    late = [one for one in story.cast.people if one.key in LATE]
    story.each(late, partial(_join, story, databases, LEARN))
    teacher = story.enter(story.cast.teacher(databases), databases)
    mentoring.run_matching(teacher, story.programmes[databases.key])


def publish_achievements(story: Story) -> None:
    """What can be earned in this community."""
    if story.founder is None:
        raise LookupError("nobody has set Lantern up")
    publish_achievement(
        story.founder,
        "Work to learn from",
        "Hands in work that others understand, can check and can build on in every respect.",
    )
    publish_achievement(
        story.founder,
        "Someone to ask",
        "Has answered questions in the forum so that the askers took the answers as the solution.",
        answers=4,
    )


def assistants_look(story: Story) -> None:
    """Assistants come in once, so that they are known."""
    for person in story.cast.people:
        if person.role == ASSISTANT:
            story.doors.link_forum(story.enter(person, person.courses[0]))


def tell(story: Story) -> None:
    """Play all eight weeks."""
    databases, writing, _statistics = story.cast.courses
    story.turn_to(56)
    first(story)
    story.turn_to(49)
    match(story, databases)
    meet(story, databases, days=3)
    story.forum_week(days=7, topics=3)
    story.turn_to(33)
    match(story, writing)
    meet(story, writing, days=4)
    review_task(story, databases, "model", authors=10, rounds=2)
    story.forum_week(days=16, topics=4)
    story.turn_to(19)
    review_task(story, writing, "outline", authors=6, rounds=2)
    show_credentials(story, databases, most=6)
    finish(story, databases, count=2)
    story.forum_week(days=14, topics=4)
    story.turn_to(4)
    meet(story, databases, days=5)
    review_task(story, databases, "index", authors=7, rounds=1, open_ones=2)
    last(story)
    assistants_look(story)
    story.forum_week(days=15, topics=3)
