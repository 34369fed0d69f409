"""Villages as answers: chosen from the phone's own list, which no form takes along. Their names are the register's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.store import areas
from fieldsvc.xlsform.beginning import VILLAGES


def names(session: Session, feed_id: str, filled: Iterable[tuple[Mapping[str, Any], Any]]) -> dict[str, str]:
    """The names of the villages that were chosen in these forms, each with its answers, by their codes."""
    codes = {code for form, answers in filled for code in _chosen(form.get("nodes", ()), answers)}
    return areas.names(session, feed_id, codes)


def _chosen(nodes: Sequence[Mapping[str, Any]], answers: Any) -> Iterator[str]:
    for item in answers if isinstance(answers, list) else [answers]:
        for node in nodes if isinstance(item, Mapping) else ():
            value = item.get(node["name"])
            if node.get("children"):
                yield from _chosen(node["children"], value)
            elif node.get("choices") == VILLAGES and isinstance(value, str):
                yield from value.split()
