"""The kinds of contributions that Lantern itself can weigh. Pure.

An adapter may record others; they are shown with their source and weigh nothing.
"""

ACCEPTED_ANSWER = "accepted_answer"
ANSWER = "answer"
FIRST_REPLY = "first_reply"
NEWCOMER_LIKE = "newcomer_like"

OUTCOMES = (ACCEPTED_ANSWER, ANSWER)
WELCOMING = (FIRST_REPLY, NEWCOMER_LIKE)
