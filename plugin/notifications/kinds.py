"""The kinds of notices that a person can switch, and their names."""

from plugin.kernel.i18n import lazy

KINDS = {
    "invited": lazy("Invitations"),
    "asked_to_mentor": lazy("Somebody asks you to mentor"),
    "matched": lazy("You were matched"),
    "meeting": lazy("A meeting was set or changed"),
    "review_todo": lazy("Work waits for your review"),
    "review_due": lazy("A review of yours is due"),
    "review_received": lazy("You received a review"),
    "help_offered": lazy("Somebody offers help"),
    "answered": lazy("Somebody answered you"),
    "handover": lazy("Somebody takes over"),
    "credential": lazy("You earned something"),
    "welcome": lazy("Welcome and first steps"),
    "newcomer": lazy("Somebody new has you as contact, or needs one"),
    "report": lazy("Safety reports"),
}
UNSOLICITED = frozenset({"invited", "welcome"})  # at most one a week in a forum
ALWAYS = frozenset({"report"})  # a safety contact cannot be deaf to reports

NOW = "now"
DIGEST = "digest"
OFF = "off"
CHANNELS = ("mail", "forum")
TIMINGS = (NOW, DIGEST, OFF)
