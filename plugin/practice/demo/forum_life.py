"""What people write in the forum: questions, answers, thanks, accepted answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from plugin.practice.demo.cast import Person
from plugin.practice.demo.town import Town
from plugin.practice.demo.words import ANSWERS, THANKS, TOPICS
from plugin.practice.forum import seed


@dataclass(frozen=True)
class Plan:
    """How much happens between two moments."""

    begins: datetime
    ends: datetime
    topics: int
    first: int
    categories: dict[str, int]
    random: Random
    solved: float = 0.7


def week(town: Town, people: Sequence[Person], helpers: Sequence[Person], plan: Plan) -> int:
    """One week of activity that ends now; returns how many topics it brought."""
    random = plan.random
    for number in range(plan.topics):
        title, question, category, tags = TOPICS[(plan.first + number) % len(TOPICS)]
        asker = random.choice(people)
        asked = plan.begins + (plan.ends - plan.begins) * (number + 0.3) / (plan.topics + 1)
        topic = seed.add_topic(
            town.forum,
            asker.key,
            title if plan.first + number < len(TOPICS) else f"{title} (again)",
            question,
            category=plan.categories[category],
            tags=tags,
            created_at=asked,
        )
        _answer(town, topic, asker, [one for one in helpers if one != asker], asked, plan)
    return plan.topics


def _answer(
    town: Town, topic: int, asker: Person, helpers: list[Person], asked: datetime, plan: Plan
) -> None:
    random = plan.random
    posts = []
    at = asked
    for helper in random.sample(helpers, min(len(helpers), random.randint(1, 3))):
        at = min(plan.ends, at + timedelta(hours=random.randint(1, 14)))
        text = random.choice(ANSWERS)
        posts.append(seed.reply(town.forum, helper.key, topic, text, created_at=at))
    for post in posts[:2]:
        seed.like(town.forum, asker.key, post, created_at=at)
    if random.random() < plan.solved:
        seed.accept(town.forum, asker.key, posts[0], created_at=at)
        seed.reply(town.forum, asker.key, topic, random.choice(THANKS), created_at=at)
