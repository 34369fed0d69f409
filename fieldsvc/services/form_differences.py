"""Two versions of a form side by side, after both were published: why this year's figures are not last year's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from fieldsvc import problems
from fieldsvc.services.access import Action, Actor, require_anywhere
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.store import definitions
from fieldsvc.xlsform.compare import Difference, compare
from fieldsvc.xlsform.definition import Definition


@dataclass(frozen=True, slots=True)
class Changed:
    """What the newer version does differently. `lists`: the reference lists of which it carries other rows."""

    differences: Sequence[Difference]
    lists: Sequence[str]


def between(ctx: Context, by: Actor, form_id: str, old: str, new: str) -> Changed:
    """What is different from one published version to another. Raises `not-allowed`, `not-found`."""
    require_anywhere(by, [Action.PUBLISH])
    with ctx.db.read() as session:
        rows = [definitions.form_version(session, form_id, version) for version in (old, new)]
        known = datasets(ctx, session)
        titles = {name: known.title(name) for name in known.versions}
        properties = {name: known.properties(name) for name in known.versions}
    if any(row is None or row.state == "draft" for row in rows):
        raise problems.NotFound()
    before, after = (cast(Definition, row.definition) for row in rows if row is not None)
    had, has = (each.get("instances") or {} for each in (before, after))
    changed = [name for name in sorted({*had, *has}) if had.get(name) != has.get(name)]
    return Changed(compare(before, after, properties, titles=titles), changed)
