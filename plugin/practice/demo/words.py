"""What the people of the practice community say and write."""

from __future__ import annotations

PROGRAMMES = {
    "DB101": {
        "title": "A mentor for Databases",
        "purpose": "Nobody designs their first schema alone.",
        "scope": "Questions about the course and the project. Not: solving somebody's exercises.",
        "outcome": "Everybody finishes the project with a design they can explain.",
    },
    "WRI2": {
        "title": "Writing partners",
        "purpose": "A reader who has been there makes a text better.",
        "scope": "Outlines, drafts, sources. Not: proofreading on the last evening.",
        "outcome": "Everybody hands in a text that somebody else has understood.",
    },
    "STAT1": {
        "title": "First steps in Statistics",
        "purpose": "The first weeks decide; a mentor helps through them.",
        "scope": "Exercises, R, reading results. Not: grades.",
        "outcome": "Nobody gives up because of a question that was never asked.",
    },
}
SENTENCES = {
    "learn": (
        "I understand the lectures but get stuck when I start on my own.",
        "I work during the day and learn in the evening.",
        "I would like somebody to think aloud with.",
        "I am new here and new to the subject.",
        "I want to finish the project without panic this time.",
        "I come from another field and miss the basics.",
        "My question is always: where do I begin?",
    ),
    "offer": (
        "I took this course two years ago and remember what was hard.",
        "I use this every day at work and like to explain.",
        "Somebody helped me through my first project; now it is my turn.",
        "I ask many questions and give few answers.",
    ),
}
GOALS = (
    ("A schema for my project that I can defend", "I explain it in ten minutes without notes."),
    ("Plan my week so that learning has a place", "Four weeks in a row with two fixed evenings."),
    ("Read an execution plan and know what to change", "One slow query made fast, with numbers."),
    ("Finish a first full draft", "Ten pages, read by somebody else."),
    ("Ask for help before I am stuck for days", "Two questions a week in the forum."),
)
PROMISES = (
    "Draw the tables on paper before we meet.",
    "Send you two pages on Thursday.",
    "Write down three questions.",
    "Look for an example that I can show you.",
    "Try the exercise once without the solution.",
)
PLACES = ("https://meet.practice.example/room-7", "Library, second floor", "By phone")
EVIDENCE = (
    "The second paragraph says what the tables are for, with an example from the project.",
    "You name two alternatives and say why you left them; I could follow every step.",
    "The query in part three shows it: one join, and the index is explained.",
    "I found the claim and the source, but not how one leads to the other.",
    "The diagram and the text use the same names; that made it easy to check.",
)
COMMENTS = (
    "I learned something from your example. Thank you.",
    "Read the last part aloud once; you will hear what can go.",
    "A picture of the relations would save half a page.",
    "",
)
REPLIES = (
    "Thank you, the point about the missing step is right; I have rewritten that part.",
    "I had not seen that. I will name the alternative and say why I left it.",
    "This helped me most: an example at the beginning.",
)
TASKS = {
    "model": (
        "Model a small library",
        "Hand in a data model of a lending library: tables, keys and two queries. Say in a few "
        "sentences why you cut the tables as you did.",
    ),
    "index": (
        "Make a slow query fast",
        "Choose a slow query, show its plan, make it faster and show the numbers. Say what you "
        "tried that did not help.",
    ),
    "outline": (
        "Outline of your essay",
        "Hand in an outline of one page: the question, the answer in one sentence, the steps and "
        "the sources for each.",
    ),
}
WORKS = (
    "Readers, copies and loans are three tables: a book that is lent twice needs two copies. A "
    "loan has no end until the copy is back; the open loans are those without one. I thought "
    "about one table for books and copies and left it, because a title has many copies.",
    "My question: does feedback change a second draft, or only its surface? My answer in one "
    "sentence: it does when the reader says what they understood. Three steps: what feedback is, "
    "what the studies count, what they do not count.",
    "The query read 40,000 rows to show ten. An index on (reader, due) made it 3 ms in place of "
    "410 ms. An index on due alone did not help: most rows are due at some time.",
    "I cut the tables by asking what can change alone. An address changes without the reader, so "
    "it stands by itself; a genre never changes without the title, so it stays with it.",
)
TOPICS = (
    (
        "Why does my join double the rows?",
        "I join loans with copies and every loan stands there twice. Where do I look first?",
        "Course questions",
        ("sql", "joins"),
    ),
    (
        "How long should an outline be?",
        "One page or three? My teacher says it depends.",
        "Course questions",
        ("writing",),
    ),
    (
        "When is an index worth it?",
        "The table has 2,000 rows. Is an index of any use?",
        "Course questions",
        ("sql", "indexes"),
    ),
    (
        "Looking for a small data set with dates",
        "For the project I need something with dates and gaps in it.",
        "Projects",
        ("data",),
    ),
    (
        "Composite key or a number of its own?",
        "Both work in my model. What do you prefer and why?",
        "Course questions",
        ("modelling",),
    ),
    (
        "How do you cite a web page that changes?",
        "The page was different last week.",
        "Course questions",
        ("writing", "sources"),
    ),
    (
        "p-value in one sentence?",
        "Explain it to my grandmother, please.",
        "Course questions",
        ("statistics",),
    ),
    (
        "A query that finds gaps in dates",
        "I want the days on which nothing was lent.",
        "Projects",
        ("sql", "data"),
    ),
    (
        "What do you do when nobody answers?",
        "I posted on Monday and wait. How do you ask so that people answer?",
        "Off topic",
        (),
    ),
    (
        "NULL is not equal to NULL?",
        "My WHERE clause loses rows and I do not see why.",
        "Course questions",
        ("sql",),
    ),
    (
        "Passive voice: forbidden?",
        "The style guide says one thing, my supervisor another.",
        "Course questions",
        ("writing", "style"),
    ),
    (
        "Regression line looks wrong in R",
        "The line misses the cloud of points. Code below.",
        "Course questions",
        ("statistics", "r"),
    ),
    (
        "Show your project: a map of bus delays",
        "Two weeks of data, one map. Comments welcome.",
        "Projects",
        ("data",),
    ),
    (
        "Foreign key without an index",
        "Is the index made for me?",
        "Course questions",
        ("sql", "indexes"),
    ),
    ("How do you keep notes?", "Paper, files, something else?", "Off topic", ()),
    (
        "Median or mean for waiting times?",
        "A few people waited for a very long time.",
        "Course questions",
        ("statistics",),
    ),
)
ANSWERS = (
    "Count the rows of each table for one id first. Where you expect one and find two, there is "
    "the reason. I draw it on paper every time.",
    "Try it on the smallest example that still shows it, three rows are enough. Then change one "
    "thing only.",
    "Measure before and after and post both numbers; it is surprising how often nothing changes.",
    "I had the same in my first project. What helped: say in one sentence what each row stands "
    "for. If you cannot, the table is two tables.",
    "Look into chapter four, the second example. The short answer is: it depends on what you ask "
    "most often.",
)
THANKS = (
    "That was it. Thank you!",
    "Now I see it, thanks for the example.",
    "Works. I had looked at the wrong end of it.",
)
