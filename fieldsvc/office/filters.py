"""The log's filter between its address, the service's question, and the sentence above the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from fieldsvc.services.reviewing import queue
from fieldsvc.services.visits import STATES, LogQuery


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the sentence, and the query without it (None where it cannot be taken away)."""

    text: str
    without: LogQuery | None


def query_of(arguments: Mapping[str, str]) -> LogQuery:
    """The question an address asks; parts it spells wrongly are left open."""
    state, order = arguments.get("state"), arguments.get("queue")
    return LogQuery(
        month=month_argument(arguments.get("month")),
        area=arguments.get("area") or None,
        cadre=arguments.get("cadre") or None,
        form=arguments.get("form") or None,
        state=state if state in STATES else None,
        flagged=arguments.get("flagged") == "1",
        amended=arguments.get("amended") == "1",
        queue=order if order in queue.MODES else None,
    )


def arguments_of(query: LogQuery) -> dict[str, Any]:
    """The address's arguments for a question, only those that say something, always in the same order."""
    return {name: 1 if value is True else value for name, value in asdict(query).items() if value}


def parts(query: LogQuery, texts: Mapping[str, str]) -> list[Part]:
    """The sentence: each part that was chosen and has words, removable."""
    found = []
    for field in fields(query):
        value = getattr(query, field.name)
        if value and field.name in texts:
            changes: dict[str, Any] = {field.name: field.default}
            found.append(Part(texts[field.name], replace(query, **changes)))
    return found


def month_argument(text: str | None) -> int | None:
    """202611, if that is a month."""
    if text and text.isascii() and text.isdigit() and len(text) == 6 and 1 <= int(text[4:]) <= 12:
        return int(text)
    return None


def key_of(text: str | None) -> tuple[int, str] | None:
    """The place in a list that "1763790000000.<id>" names."""
    number, dot, identifier = (text or "").partition(".")
    return (int(number), identifier) if dot and _is_number(number) and identifier else None


def report_key_of(text: str | None) -> tuple[int, str, str] | None:
    """The place in the list of reports that "1763790000000.2026-10.<area>" names."""
    number, _, rest = (text or "").partition(".")
    period, dot, area = rest.partition(".")
    return (int(number), period, area) if dot and _is_number(number) and period and area else None


def name_key_of(text: str | None) -> tuple[str, str] | None:
    """The place in a list by name that "name~id" names; a name may hold the mark itself."""
    name, mark, identifier = (text or "").rpartition("~")
    return (name, identifier) if mark and identifier else None


def visit_key_of(text: str | None) -> tuple[int, int, str] | None:
    """The place in the visit log that "202611.1763790000000.<id>" names."""
    month, dot, rest = (text or "").partition(".")
    key = key_of(rest)
    return (int(month), *key) if dot and _is_number(month) and key else None


def place_of(text: str | None) -> queue.Place | None:
    """The place in the review queue that "0.202611.1763790000000.<id>" names."""
    segment, dot, rest = (text or "").partition(".")
    key = visit_key_of(rest)
    return (int(segment), *key) if dot and segment in ("0", "1") and key else None


def moment_of(text: str | None) -> int:
    """A moment in milliseconds; the beginning of time for anything else."""
    return int(text) if text and _is_number(text) else 0


def text_of_key(key: tuple[int | str, ...] | None) -> str | None:
    """What `key_of` and `visit_key_of` read back."""
    return ".".join(str(part) for part in key) if key else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 17
