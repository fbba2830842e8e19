"""Who really asks, where proxies of our own stand in between: `REMOTE_ADDR` becomes the reader's network address.

A proxy appends to X-Forwarded-For the address it heard the request from, so its entries are true only from our side
inwards: what a reader wrote there before us is their own invention.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Proxies:
    """Our own proxies: how many stand in a row (`count`), or which networks they ask from."""

    count: int = 0
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.count or self.networks)


def read(words: str) -> Proxies:
    """`2`, or `10.0.0.4, 172.16.0.0/12`. Raises ValueError with a sentence."""
    words = words.strip()
    if not words or (words.isascii() and words.isdigit()):
        return Proxies(count=int(words or 0))
    try:
        return Proxies(networks=tuple(ip_network(one.strip()) for one in words.split(",") if one.strip()))
    except ValueError as trouble:
        raise ValueError(
            f"HEARTH_PROXIES is a number of proxies, or their addresses or networks with commas between: {trouble}."
        ) from None


def is_ours(peer: str, proxies: Proxies) -> bool:
    """Whether the one that asks us directly is a proxy of ours, so that what it says of the reader is believed."""
    return bool(proxies.count) or _is_in(peer, proxies)


def reader_of(peer: str, forwarded: str, proxies: Proxies) -> str:
    """The reader's address, from the address that asked us and the X-Forwarded-For it sent.

    Counted proxies name the reader in the last entry but `count - 1`; known ones in the last entry that is none of
    them. A list that is too short or no list of addresses names nobody: then it is the one that asked us.
    """
    hops = [_plain(hop) for hop in forwarded.split(",") if hop.strip()]
    if proxies.count:
        return (hops[-proxies.count] if len(hops) >= proxies.count else "") or peer
    reader = peer
    while hops and _is_in(reader, proxies):
        reader = hops.pop() or peer
    return reader


def see_through(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put the reader's address into the request; what strangers say about how they came is dropped."""

    def respond(request: HttpRequest) -> HttpResponse:
        proxies: Proxies = settings.PROXIES
        peer = str(request.META.get("REMOTE_ADDR") or "")
        if is_ours(peer, proxies):
            request.META["REMOTE_ADDR"] = reader_of(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""), proxies)
        else:
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return get_response(request)

    return respond


def _is_in(address: str, proxies: Proxies) -> bool:
    plain = _plain(address)
    return bool(plain) and any(ip_address(plain) in network for network in proxies.networks)


def _plain(hop: str) -> str:
    """`203.0.113.7:4711` and `[2001:db8::1]:443` without their port; "" if it is no address."""
    hop = hop.strip()
    for form in (hop, hop.partition("]")[0].removeprefix("["), hop.partition(":")[0]):
        try:
            address = ip_address(form)
        except ValueError:
            continue
        return str(getattr(address, "ipv4_mapped", None) or address)
    return ""
