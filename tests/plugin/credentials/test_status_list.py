"""The bits of a status list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.credentials import status_list
from plugin.credentials.errors import CredentialError

indexes = st.integers(min_value=0, max_value=status_list.SIZE - 1)


@given(st.sets(indexes, max_size=20), indexes)
def test_exactly_the_revoked_bits_are_set(revoked: set[int], other: int) -> None:
    encoded = status_list.encode(revoked)

    assert all(status_list.is_set(encoded, index) for index in revoked)
    assert status_list.is_set(encoded, other) == (other in revoked)


def test_an_empty_list_is_short_and_always_the_same() -> None:
    assert status_list.encode(()) == status_list.encode(set())
    assert len(status_list.encode(())) < 220


def test_an_index_is_never_given_twice() -> None:
    taken: set[int] = set()
    for _ in range(200):
        index = status_list.draw(taken.__contains__)
        assert index is not None
        assert index not in taken
        taken.add(index)
    assert not taken & set(status_list.free_indexes(taken, 200))


def test_a_list_is_closed_at_half_its_size_and_refuses_what_lies_outside() -> None:
    assert status_list.draw(lambda _index: True) is None
    with pytest.raises(CredentialError):
        status_list.free_indexes(set(range(8)), 1, size=16)
    with pytest.raises(CredentialError):
        status_list.encode({status_list.SIZE})
