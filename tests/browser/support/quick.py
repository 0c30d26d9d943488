"""The whole main path in some seconds: the same doors and pages, without a screen.

What the browser tests click once, this walks for those who need the world afterwards.
"""

from datetime import timedelta

from plugin.practice.forum import seed as forum_seed
from tests.browser.support.course import NAIROBI, open_campus
from tests.browser.support.people import (
    LEARNS,
    MENTORS,
    Guest,
    by_invitation,
    from_course,
    from_forum,
)
from tests.browser.support.story import INVITED, Story
from tests.support.world import World

AUTHORS = ("ada", "ben", "cleo")
TEXT = "A left join keeps every row of the left table, whatever the right one has."


def start(story: Story) -> Guest:
    """The teacher starts a programme and invites a mentor."""
    tessa = story.guests.get("tessa") or come(story, "tessa")
    tessa.open(f"{tessa.path}mentoring/new")
    tessa.send({"learners": "6", "mentors": "2"}, field="title", button=("step", "start"))
    story.programme = tessa.path
    tessa.send({"addresses": INVITED}, field="addresses")
    story.world.settle()
    (mail,) = story.world.mails(INVITED)
    (story.invitation,) = story.world.links_in(mail, r"http\S+/invite/\S+")
    return tessa


def come(story: Story, key: str) -> Guest:
    guest = from_course(story.world, story.campus.users[key], story.campus.activity)
    story.guests[key] = guest
    return guest


def join(story: Story) -> None:
    """Learners from the course; mentors from the course, the forum and by mail."""
    world, campus, join = story.world, story.campus, f"{story.programme}/join"
    for key, wants in (
        ("ada", {}),
        ("ben", {"skills": "reports"}),
        ("cleo", {"languages": ["fr"]}),
    ):
        come(story, key).join(join, {**LEARNS, **wants})
    come(story, "eva").open(join)
    come(story, "mara").join(join, {**MENTORS, "time_zone": NAIROBI})
    come(story, "nils").join(join, MENTORS)
    for key, username in (("ada", "ada.o"), ("mara", "mara.h")):
        story.guests[key].confirm_address(campus.address(key))
        story.guests[key].link_forum(username)
    mira = story.guests["mira"] = from_forum(world, "mira", join)
    mira.send({**MENTORS, "skills": "Python"}, field="side")
    zoe = story.guests["zoe"] = by_invitation(world, story.invitation, INVITED, "Zoe Adeyemi")
    zoe.send({**MENTORS, "skills": "reports"}, field="side")
    world.settle()


def draft(story: Story) -> Guest:
    """The coordinator asks for a matching."""
    tessa = story.guests["tessa"]
    tessa.open(story.programme)
    tessa.send(action="/matchings")
    story.matching = tessa.path
    story.world.settle()
    tessa.open(story.matching)
    return tessa


def publish(story: Story) -> None:
    """She publishes it; Mara accepts from her mail."""
    story.guests["tessa"].send(action="/publish")
    story.world.settle()
    mail = story.world.mails(story.campus.address("mara"))[-1]
    story.used_link = story.world.links_in(mail, r"Accept:\s+(http\S+)")[0]


def accept(story: Story) -> None:
    visitor = Guest.visitor(story.world)
    visitor.open(story.used_link)
    visitor.send()
    story.world.settle()


def meet(story: Story) -> str:
    """Goal, promise and a meeting that both agree on; the pair's address."""
    ada, mara = story.guests["ada"], story.guests["mara"]
    ada.open(f"{story.programme}/mine")
    pair = ada.page.link("/pairs/")
    ada.open(pair)
    ada.send({"text": "Write a join without help", "evidence": "Exercise 7"}, field="text")
    ada.send({"promise": "Read chapter 3"}, field="promise")
    soon = story.world.services.clock.now() + timedelta(days=7)
    ada.send(
        {"starts": f"{soon:%Y-%m-%d}T18:00", "place": "https://meet.example/x"}, field="starts"
    )
    mara.open(pair)
    mara.send(action="/meeting/")
    story.world.settle()
    return pair


def set_task(story: Story) -> None:
    """The teacher sets a task with two reviews for each work."""
    tessa = story.guests["tessa"]
    tessa.open(f"{story.place}/reviews/new")
    words = {"title": "Joins, explained", "instructions": "Explain one join to a beginner."}
    tessa.send(words, field="title", button=("action", "create"))
    story.activity = tessa.path


def hand_in(story: Story) -> str:
    """Three hand in, and Ada takes her first review; where she writes it."""
    for key in AUTHORS:
        story.guests[key].hand_in(story.activity, TEXT)
    ada = story.guests["ada"]
    ada.open(story.activity)
    ada.send(action="/take")
    return ada.path


def give_reviews(story: Story) -> None:
    """Everybody gives two; one author answers."""
    story.guests["ada"].write_review("2")
    story.guests["ada"].review(story.activity, "2")
    for key in AUTHORS[1:]:
        for _turn in range(2):
            story.guests[key].review(story.activity, "2")
    ada = story.guests["ada"]
    ada.open(f"{story.activity}/received")
    ada.send({"text": "I will add an example."}, field="text")
    story.world.settle()


def help_in_forum(story: Story) -> None:
    """Otto asks, Ada answers, Otto takes it as the solution."""
    forum = story.world.forum
    assert forum is not None
    topic = forum_seed.add_topic(
        forum, "otto", "Why does my join lose rows?", "Half of the rows are gone after it."
    )
    post = forum_seed.reply(forum, "ada.o", topic, "Use a left join, it keeps every row.")
    forum_seed.accept(forum, "otto", post)
    story.world.settle()


def whole(world: World, browser: object) -> Story:
    """Everything, one after the other."""
    story = Story(world, browser, open_campus(world))  # type: ignore[arg-type]
    start(story)
    join(story)
    draft(story)
    publish(story)
    accept(story)
    meet(story)
    set_task(story)
    hand_in(story)
    give_reviews(story)
    help_in_forum(story)
    return story
