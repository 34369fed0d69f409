"""A form looked at where there is no county yet: on the laptop of whoever writes it."""

from __future__ import annotations

from fieldsvc import forms
from fieldsvc.series.shelf import shelf
from fieldsvc.services.authoring import Checked, at_their_questions, by_chance
from fieldsvc.services.definitions import properties_of
from fieldsvc.xlsform import FormProblems, compile_form
from fieldsvc.xlsform.compare import compare
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.problems import in_order
from fieldsvc.xlsform.records import check_records
from fieldsvc.xlsform.reference import attach
from fieldsvc.xlsform.slots_named import check_slots


def check(data: bytes, filename: str, *, against: Definition | None = None) -> Checked:
    """Everything there is to say about a file against the datasets and lists of this release; asks no database.

    `against` is the form of another file to compare with.
    """
    try:
        compiled = compile_form(data, filename)
    except FormProblems as found:
        return Checked(filename, problems=in_order(found.problems))
    known = {name: {one["name"]: one for one in properties_of(each)} for name, each in forms.datasets().items()}
    wrong, doubts = check_records(compiled, known)
    doubts += check_slots(compiled, shelf(""))
    try:
        attach(compiled.definition, {name: (1, listed.rows) for name, listed in forms.lists().items()}, known)
    except FormProblems as missing:
        wrong += at_their_questions(compiled, missing)
    chance, own = by_chance(compiled, compiled.definition["form"] in forms.form_sources())
    differences, before = [], None
    if against is not None:
        titles = {name: one["label"] for name, one in forms.datasets().items()}
        differences, before = compare(against, compiled.definition, known, titles=titles), str(against["version"])
    return Checked(filename, compiled, in_order([*wrong, *chance]), in_order([*own, *doubts]), differences, before)
