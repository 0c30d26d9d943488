"""The main path through every door without a browser, so that any machine can walk it.

The same is clicked in a Chromium in tests/browser; this one takes some seconds.
"""

from pathlib import Path

from plugin.practice.forum import proof
from plugin.practice.lms import queries
from tests.browser.support import quick
from tests.browser.support.course import open_campus
from tests.browser.support.story import INVITED, Story
from tests.support.world import running_world


def test_from_a_course_launch_to_badge_and_gradebook(tmp_path: Path, empty_database: Path) -> None:
    with running_world(tmp_path, empty_database.read_bytes()) as world:
        story = Story(world, None, open_campus(world))  # type: ignore[arg-type]  # no browser
        quick.start(story)
        quick.join(story)
        quick.draft(story)
        assert proof.messages(world.forum) == []
        assert not [mail for mail in world.mails() if "Mentoring" in mail["Subject"]][1:]
        quick.publish(story)
        assert len([m for m in proof.messages(world.forum) if "ada.o" in m.people]) == 1
        quick.accept(story)
        quick.meet(story)
        quick.set_task(story)
        quick.hand_in(story)
        quick.give_reviews(story)
        tessa = story.guests["tessa"]
        tessa.open(f"{story.activity}/all")
        tessa.send(action="/gradebook")
        quick.help_in_forum(story)
        _everything_once(story)
        story.close()


def _everything_once(story: Story) -> None:
    world, campus = story.world, story.campus
    assert world.lms is not None
    mine = {one.badge: one.times for one in proof.grants(world.forum) if one.username == "ada.o"}
    assert mine == {"Reviewed work": 1, "Helpful answer": 1}
    assert proof.repeated_messages(world.forum) == []
    with world.lms.store.reading() as db:
        (column,) = queries.line_items(db, campus.course.id)
        scores = {one.user_id: one.score for one in queries.grades(db, column.id)}
        posts = queries.score_posts(db, campus.course.id)
    assert scores == {campus.users[key].id: 6 for key in quick.AUTHORS}
    assert [post.status for post in posts] == [200, 200, 200]
    assert "30 of 60 minutes" in story.guests["mara"].open("/your-time").text
    assert len([mail for mail in world.mails(INVITED) if "Ben" in mail["Subject"]]) == 1
