"""An import as a replica: a spreadsheet is one more party that edits what it once saw.

What a source saw is its own previous export. Only cells it has changed since then are edits, so a
re-import never takes back what a phone corrected meanwhile; where the two still differ, the row
appears in a comparison list for a person.
"""

from dataclasses import dataclass

from sync.merge import alike, part, written
from sync.model import Entity, Properties, Rules


@dataclass(frozen=True, slots=True)
class Difference:
    """A unit in which the source and the record disagree although the source has not changed it."""

    names: tuple[str, ...]
    current: Properties
    imported: Properties


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row asks for.

    Decide `changes` with `seen` as the base view (`Writer.IMPORT`; `Action.CREATE` when there is no
    entity yet); list `differences`; keep `remembered` as the next import's `previous`.
    """

    changes: Properties
    seen: Properties
    differences: tuple[Difference, ...]
    remembered: Properties


def read_row(row: Properties, previous: Properties | None, entity: Entity | None, rules: Rules) -> Reading:
    """Read one row of an import; `previous` is the same source's row of last time, if there was one.

    A first import fills only what was never set (a value blanked on purpose is an answer). A column
    that is missing from the sheet says nothing; an empty cell that used to hold a value blanks it.
    """
    current: Properties = entity.properties if entity else {}
    seen: Properties = current if previous is None else previous
    units = written(seen, row, rules)
    if previous is None:
        units = tuple(unit for unit in units if not any(name in current for name in unit.names))
    edited = {name for unit in units for name in unit.names}
    untouched = rules.units(name for name in row if name not in edited)
    return Reading(
        changes={name: row[name] for name in sorted(edited & row.keys())},
        seen=seen,
        differences=tuple(
            Difference(unit.names, part(current, unit.names), part({**current, **row}, unit.names))
            for unit in untouched
            if not alike(unit, current, {**current, **row})
        ),
        remembered={**(previous or {}), **row},
    )
