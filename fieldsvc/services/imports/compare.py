"""A roster beside the register, row by row: it is compared and writes nothing, whatever it says.

Unlike an import, a roster of another office (who gets the minimum living allowance, who goes to which school) is no
edit of the register: who is right is a person's decision, on the page of comparisons.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from sqlalchemy.orm import Session

from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets, datasets
from fieldsvc.services.imports.decide import Decided, refused
from fieldsvc.services.imports.known import Known, load
from fieldsvc.services.imports.model import Fate, Line, Row, Target
from fieldsvc.store.entities import Stored
from sync.merge import alike, part
from sync.model import Entity, Rules
from sync.replica import Difference, Reading


def run(ctx: Context, session: Session, by: Actor, target: Target, rows: Sequence[Row]) -> list[Decided]:
    """The fate of each row of a roster, in their order."""
    defined, known = datasets(ctx, session), load(session, by, target, rows)
    found, done = [], set[str]()
    for row in rows:
        found.append(refused(row, "key-twice") if row.key in done else _row(ctx, row, target, known, defined))
        done.add(row.key)
    return found


def _row(ctx: Context, row: Row, target: Target, known: Known, defined: Datasets) -> Decided:
    _, was, wrong = known.record(row)
    if wrong:
        return refused(row, wrong)
    if was is None or was.entity.deleted:
        area = known.areas_by_code.get(row.area_code or "")
        if row.area_code and area not in known.reached:
            return refused(row, "place-unknown")
        label = row.label or defined.label(target.dataset, row.values) or ""
        alone = Stored(
            Entity(_ref(ctx.settings.secret_key, target, row.key), 0, {}), target.dataset, "", area, label, 0
        )
        return Decided(row, Line(Fate.THERE, "", None, None, dict(row.values)), alone)
    if was.area_id not in known.reached:
        return refused(row, "place-unknown")
    return _compared(row, was, target, known, defined.rules(target.dataset))


def _ref(secret: str, target: Target, key: str) -> str:
    """What a row without a record is called, in a page's boxes and in the log.

    The source's number may be somebody's identity number. There are so few of those that a plain digest is searched
    through in seconds: only the server can compute this one. With another secret a row has another name: the source's
    next list makes all its rows anew, and what was decided of one that has no record is then asked again.
    """
    said = f"roster-row {target.source}/{target.kind} {key}"
    return f"key:{hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()[:32]}"


def _compared(row: Row, was: Stored, target: Target, known: Known, rules: Rules) -> Decided:
    """An empty cell of a roster says nothing: a school's list knows nothing of telephones."""
    says = {**target.says, **{name: value for name, value in row.values.items() if value}}
    said, current = known.before.get(row.key, (None, None))[1], was.entity.properties
    differences = tuple(
        Difference(unit.names, part(current, unit.names), part({**current, **says}, unit.names))
        for unit in rules.units(says)
        if not alike(unit, current, {**current, **says})
    )
    names = [name for one in differences for name in one.names if name in says]
    before, after = {name: current.get(name) for name in names}, {name: says[name] for name in names}
    line = Line(Fate.DIFFERENT if differences else Fate.MATCH, "", was.entity.id, before, after, said)
    return Decided(row, line, was, was, None, Reading({}, {}, differences, {**(said or {}), **says}))
