"""What tells strangers apart without saying who they are, and how much one of them may have checked."""

import hashlib
import hmac
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core.cache import cache

from community.errors import TooMuch

MOST_CHECKS_AN_HOUR = 120
_HOUR_SECONDS = 3600
_NETWORK_BITS = 64


def network_of(address: str) -> str:
    """An address, as far as it tells one household or house from another: IPv6 by the network it is in."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or int(found) >> _NETWORK_BITS)
    return str(found)


def count_check(address: str) -> None:
    """Count in somebody who has a file checked; in the cache alone, and without one nobody counts.

    Raises TooMuch beyond the limit of an hour.
    """
    said = f"checks|{network_of(address)}"
    key = f"checks:{hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()}"
    cache.add(key, 0, _HOUR_SECONDS)
    try:
        much = cache.incr(key) > MOST_CHECKS_AN_HOUR
    except ValueError:
        return
    if much:
        raise TooMuch("too_much_outside")
