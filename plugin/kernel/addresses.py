"""Which IP addresses a call may go to: public ones, however they are written.

An address inside another one (mapped, translated, tunnelled) counts as the one that it leads to.
"""

import ipaddress

_IPV6_WITH_IPV4_LAST = tuple(
    ipaddress.ip_network(one)
    for one in (
        "::/96",  # IPv4-compatible, RFC 4291
        "::ffff:0:0:0/96",  # IPv4-translated, RFC 2765
        "64:ff9b::/96",  # NAT64, RFC 6052
        "64:ff9b:1::/48",  # NAT64 of one's own network, RFC 8215
    )
)
# Not everywhere in the lists that Python ships, depending on its version.
_NEVER = tuple(
    ipaddress.ip_network(one)
    for one in (
        "fec0::/10",  # site-local, RFC 3879
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "3fff::/20",  # documentation, RFC 9637
        "5f00::/16",  # segment routing, RFC 9602
        "192.0.0.0/24",  # protocol assignments, RFC 6890
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "168.63.129.16/32",  # the platform's own address inside a large cloud
    )
)


def address_allowed(address: str, *, allow_loopback: bool) -> bool:
    """Whether a call may go to this IP address: public ones, and loopback where allowed."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if any(ip in network for network in _NEVER if network.version == ip.version):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (inner := _inner(ip)) is not None:
        return address_allowed(str(inner), allow_loopback=allow_loopback)
    if ip.is_loopback:
        return allow_loopback
    return ip.is_global and not ip.is_multicast


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a gateway would make of this one."""
    if int(ip) > 1 and any(ip in network for network in _IPV6_WITH_IPV4_LAST):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour
