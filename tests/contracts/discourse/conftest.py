"""The same fixtures as the adapter's own tests."""

from tests.discourse_hooks.conftest import composition, forum

__all__ = ["composition", "forum"]
