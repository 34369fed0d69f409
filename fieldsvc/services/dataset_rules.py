"""The kinds of records in force, with how each of their properties is merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldsvc.services import definitions, reach
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context


@dataclass(frozen=True, slots=True)
class Dataset:
    """One kind of record: its newest definition, and by property the policy the merge really follows.

    That may be another than the definition states: a group moves as one, and a policy nobody knows is a person's.
    """

    name: str
    version: int
    definition: Mapping[str, Any]
    policies: Mapping[str, str]


def every(ctx: Context, *, by: Actor) -> Sequence[Dataset]:
    """Every kind of record, by name. Raises `not-found` for who reviews nothing."""
    with ctx.db.read() as session:
        reach.of(session, by)
        known = definitions.datasets(ctx, session)
        return [
            Dataset(
                name=name,
                version=known.versions[name],
                definition=known.definition(name),
                policies={one: str(known.rules(name).unit(one).policy) for one in known.properties(name)},
            )
            for name in sorted(known.versions)
        ]
