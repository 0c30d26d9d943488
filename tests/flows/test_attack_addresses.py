"""Attacks by addresses that Lantern calls: an IPv4 network behind an IPv6 notation."""

import pytest

from plugin.kernel.http import address_allowed


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::a00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:a00:1::1",
        "2002:7f00:1::",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "fd00::1",
        "fe80::1%eth0",
        "0.0.0.0",  # an address to call, not one to listen on
        "::",
        "::1",
    ],
)
def test_private_networks_are_not_called_by_any_notation(address: str) -> None:
    assert not address_allowed(address, allow_loopback=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_public_ones_are(address: str) -> None:
    assert address_allowed(address, allow_loopback=False)
