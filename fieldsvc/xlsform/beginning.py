"""A form that begins a record instead of being about one: `new_subject` in its settings, for a household nobody has.

Whoever fills it in has no household open, so the phone makes an id, and the form's own row of the sheet `entities`
makes the record with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.problems import problem

if TYPE_CHECKING:  # what compiles forms is large, and these lists are asked for where none is compiled
    from fieldsvc.xlsform.xform import XForm

#: Lists that no server sends with a form and no dataset holds: the villages in which this person may register a
#: household, and who is on this phone already.
VILLAGES = "villages"
OF_THE_PHONE = (VILLAGES, "register")
#: What a new record must say: where it lies.
_AREA = "area_code"


def check_beginning(form: XForm, definition: Definition) -> None:
    """Note what keeps a form from beginning a record: nothing that makes it, a given id, or no place where it lies."""
    subject = definition.get("subject_dataset")
    if not subject:
        _complain(form, "settings", "subject_dataset", "subject_dataset")
        return
    made = [
        one for one in definition.get("entities", ()) if one["dataset"] == subject and one["path"] == definition["root"]
    ]
    if len(made) != 1 or made[0].get("create") is not True or "update" in made[0]:
        _complain(form, "entities", "list_name", subject)
    elif "id" in made[0]:
        _complain(form, "entities", "entity_id", subject)
    elif _AREA not in made[0]["saves"]:
        _complain(form, "survey", "save_to", f"{subject}#{_AREA}")


def _complain(form: XForm, sheet: str, column: str, detail: str) -> None:
    row = 2 if sheet != "survey" and form.rows else None
    form.problems.append(problem("new-subject-unmade", detail, sheet=sheet, row=row, column=column))
