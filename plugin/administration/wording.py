"""Words for rights."""

from plugin.kernel.i18n import _


def right_words(right: str) -> str:
    """Return what a right is called."""
    return {
        "administrator": _("Administrator"),
        "coordinator": _("Coordinator"),
        "assistant": _("Assistant"),
        "safety_contact": _("Safety contact"),
    }.get(right, right)


def right_choices() -> list[tuple[str, str, str]]:
    """Return the rights for a form, each with what it lets one do."""
    return [
        (
            "administrator",
            right_words("administrator"),
            _("Platforms, forums, keys, approvals, staff."),
        ),
        (
            "coordinator",
            right_words("coordinator"),
            _("Programmes: people, matching, pairs, reviews."),
        ),
        ("assistant", right_words("assistant"), _("Helps the coordinators.")),
        (
            "safety_contact",
            right_words("safety_contact"),
            _("Is told within a minute when somebody reports something."),
        ),
    ]
