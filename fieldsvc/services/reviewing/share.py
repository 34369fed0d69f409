"""The random share: which visits of a month are read although nothing about them is unusual.

The draw is fixed by the month, the visit's id and the server's secret. Reloading the page, another desk or another
filter draws the same visits, so nobody can go on drawing until an easy one comes; and no phone can tell beforehand.
"""

from __future__ import annotations

import hashlib
import hmac

#: An id's last three hexadecimal digits, which are random in a UUIDv7, are the lot it draws.
LOTS = 4096

#: From the first to the last lot that is drawn, as those digits.
Range = tuple[str, str]


def drawn(secret: str, feed_id: str, month: int, percent: int) -> tuple[Range, ...]:
    """The lots drawn in `month` (yyyymm), so many that about `percent` of its visits are among them."""
    number = round(LOTS * min(100, max(0, percent)) / 100)
    if not number:
        return ()
    seed = hmac.new(secret.encode(), f"review-share {feed_id} {month}".encode(), hashlib.sha256).digest()
    first = int.from_bytes(seed[:4], "big") % LOTS
    beyond = first + number
    if beyond <= LOTS:
        return (_range(first, beyond),)
    return _range(first, LOTS), _range(0, beyond - LOTS)


def is_drawn(secret: str, feed_id: str, month: int, percent: int, visit_id: str) -> bool:
    """Whether this visit of the month is among the drawn."""
    return any(first <= visit_id[-3:] <= last for first, last in drawn(secret, feed_id, month, percent))


def _range(first: int, beyond: int) -> Range:
    return f"{first:03x}", f"{beyond - 1:03x}"
