"""Steps and stages in words."""

from plugin.kernel.i18n import Lazy, lazy
from plugin.newcomers.models import Stage

STEPS: dict[str, Lazy] = {
    "begin": lazy("Say something: begin a topic or answer in one"),
    "reply": lazy("Answer somebody else"),
    "like": lazy("Like what somebody wrote"),
    "solve": lazy("Say which answer helped you, or help somebody yourself"),
}
STAGES: dict[Stage, tuple[Lazy, str]] = {
    Stage.WAITING: (lazy("waits for a contact"), "warn"),
    Stage.ACCOMPANIED: (lazy("has a contact"), "good"),
    Stage.GRADUATED: (lazy("has arrived"), "quiet"),
    Stage.ALONE: (lazy("finds the way alone"), "quiet"),
}
