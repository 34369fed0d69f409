"""What happened to a visit since it was sent: decisions, returns and amendments, each with what it changed."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from typing import Any

from fieldsvc.office.answers import Reader, plain
from fieldsvc.office.words import Words
from fieldsvc.services.masked import shown
from fieldsvc.services.visits import Link, Visit


def events(visit: Visit, t: Words, masked: Set[str], revealed: str | None) -> list[dict[str, Any]]:
    """Every event of the visit's chain, newest first; answers to masked questions are told as changed, not shown.

    Unless all of a change is of the value that is `revealed` (`masked.key`). Nothing of an item of a repeat is: its
    place may have been another person's before.
    """
    found: list[dict[str, Any]] = []
    before: Link | None = None
    for link in visit.chain:
        found.append(_sent(visit, link, before, t, masked, revealed))
        if link.withdrawn_at:
            found.append(_event("withdrawn", t("history.withdrawn"), link.withdrawn_at))
        before = link
    labels = _labels(visit, t)
    for action in visit.reviews:
        event = _event(_STATE.get(action.action, ""), t(f"history.{action.action}", by=action.by), action.at)
        event["comment"] = action.comment
        if action.bulk:
            event["text"] += t("history.bulk", filter=action.bulk["filter"], n=action.bulk["number"])
        event["comments"] = [(labels.get(ref, ref), text) for ref, text in action.comments.items()]
        found.append(event)
    # Turned round after sorting: of two events in one millisecond, the one that came last stands first.
    return sorted(found, key=lambda event: event["at"])[::-1]


_STATE = {"pass": "passed", "approve": "approved", "return": "returned", "doubt": "doubt", "reject": "rejected"}


def _event(state: str, text: str, at: int) -> dict[str, Any]:
    return {"state": state, "text": text, "at": at, "comment": None, "comments": [], "diff": []}


def _sent(
    visit: Visit, link: Link, before: Link | None, t: Words, masked: Set[str], revealed: str | None
) -> dict[str, Any]:
    author = visit.people.get(link.author_id, "")
    event = _event("", t("history.amended" if before else "history.sent", by=author), link.received_at)
    if before is not None:
        both = shown(revealed, visit.saved[link.id], visit.saved[before.id])
        told = {ref for ref in both if plain(ref) == ref}
        reader = Reader(visit.definitions[link.id], t.language, names=visit.names, masked=masked, revealed=told)
        now = {line.ref: line for section in reader.sections(link.answers, before.answers) for line in section.lines}
        then = {line.ref: line for section in reader.sections(before.answers) for line in section.lines}
        gone = [replace(one, previous=one.text, text="") for ref, one in then.items() if ref not in now]
        event["diff"] = [one for one in now.values() if one.previous is not None] + gone
    return event


def _labels(visit: Visit, t: Words) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in visit.chain:
        for section in Reader(visit.definitions[link.id], t.language).sections(link.answers):
            found.update({line.ref: line.label for line in section.lines})
    return found
