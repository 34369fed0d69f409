"""The slots a form names for its photos: is each called anything in this county."""

from __future__ import annotations

from collections.abc import Collection

from fieldsvc.xlsform.compiled import Compiled, walk
from fieldsvc.xlsform.problems import FormProblem, problem
from fieldsvc.xlsform.records import row_of
from fieldsvc.xlsform.spelling import nearest


def check_slots(compiled: Compiled, slots: Collection[str]) -> list[FormProblem]:
    """Doubts where a photo's slot has no words, or its ghost is a photo that nobody can have taken.

    No mistake: the form may come before the county's file of slots, and its photos are kept all the same.
    """
    nodes = list(walk(compiled.definition["nodes"]))
    own = {node.get("parameters", {}).get("slot") for node in nodes}
    found = []
    for node in nodes:
        for column, known in (("slot", set(slots)), ("ghost", {*slots, *own})):
            named = node.get("parameters", {}).get(column)
            if named and named not in known:
                row, heading = row_of(compiled, node["ref"]), f"bind::fs:{column}"
                detail = nearest(named, slots)
                found.append(problem("slot-unknown", detail, sheet="survey", row=row, column=heading, ref=node["ref"]))
    return found
