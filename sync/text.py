"""Reading and blending property texts: code sets, numbers, measures, positions, lines.

Pure text in, text out. A reader answers `None` for text it cannot read, so that the policy can send
it to a person instead of guessing.
"""

import re
from decimal import Context, Decimal

_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,24}(\.[0-9]{1,24})?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2}([T ][0-9:.]{5,15}(Z|[+-][0-9:]{2,6})?)?)?")
#: 24 digits on each side of the point are exact in this; the process-wide context is not ours.
_EXACT = Context(prec=60)
_UNKNOWN_ACCURACY = Decimal(10) ** 24


def codes(text: str | None) -> frozenset[str]:
    """The codes of a space-separated set."""
    return frozenset((text or "").split())


def blend_codes(base: str | None, current: str | None, incoming: str | None) -> str | None:
    """The set after both sides' additions and removals, sorted so that order of arrival leaves no trace."""
    kept = codes(base) & codes(current) & codes(incoming)
    added = (codes(current) | codes(incoming)) - codes(base)
    return " ".join(sorted(kept | added)) or None


def codes_left(base: str | None, earlier: str | None, later: str | None) -> str | None:
    """What `earlier` made of `base`, without additions and removals of which `later`, made over it, kept nothing."""
    before, then, last = codes(base), codes(earlier), codes(later)
    return " ".join(sorted((before & then) | ((before ^ then) & last))) or None


def number(text: str | None) -> Decimal | None:
    """The plain decimal number this text is. Exponents are not: `1e9999999` would fill the memory."""
    return Decimal(text) if text and _PLAIN_NUMBER.fullmatch(text) else None


def add_difference(base: str | None, current: str | None, incoming: str | None) -> str | None:
    """`current` plus what `incoming` added to `base` (blank: 0); `None` if one is no number."""
    start, now, then = number(base or "0"), number(current), number(incoming)
    if start is None or now is None or then is None:
        return None
    total = _EXACT.add(now, _EXACT.subtract(then, start)).normalize(_EXACT)
    return format(total, "f") if total else "0"


def measure(text: str) -> tuple[str, Decimal | str] | None:
    """Something `max` and `min` can compare: a number or an ISO date, with its kind."""
    if (value := number(text)) is not None:
        return "number", value
    return ("date", text) if _ISO_DATE.fullmatch(text) else None


def accuracy(text: str) -> Decimal | None:
    """Metres of error of a position "lat lon alt accuracy"; 0 or absent means placed by hand: the worst."""
    parts = [number(part) for part in text.split()]
    if not 2 <= len(parts) <= 4 or any(part is None for part in parts):
        return None
    error = parts[3] if len(parts) == 4 else None
    return error if error is not None and error > 0 else _UNKNOWN_ACCURACY


def lines(text: str | None) -> tuple[str, ...]:
    """The distinct lines of a text that say something, in order."""
    return tuple(dict.fromkeys(line for line in (text or "").split("\n") if line.strip()))


def blend_lines(base: str | None, current: str | None, incoming: str | None) -> str | None:
    """The base's lines that both sides left, then both sides' new lines, sorted.

    Sorting by the attributed line is what makes two servers that heard two cadres in different order
    show the same note.
    """
    before, here, there = lines(base), lines(current), lines(incoming)
    kept = [line for line in before if line in here and line in there]
    return "\n".join([*kept, *sorted({*here, *there} - {*before})]) or None


def attribute(
    base: str | None, current: str | None, incoming: str | None, author: str
) -> tuple[str | None, str | None]:
    """`base` and `incoming` with the author's name before the lines that are the author's own.

    The phone does not know that the server put a name before a line of an earlier, unsettled edit;
    such lines are recognised in `current`, or its author could not remove them again.
    """
    if not author:
        return base, incoming
    held = set(lines(current))

    def own(line: str) -> str:
        marked = f"{author}: {line}"
        return marked if line not in held and marked in held else line

    before = [own(line) for line in lines(base)]
    known = held.union(before)
    after = [line if line in known else f"{author}: {line}" for line in map(own, lines(incoming))]
    return "\n".join(before) or None, "\n".join(after) or None
