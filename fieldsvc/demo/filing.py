"""Files the demo's other forms as phones did: answers in, one operation through the intake at its own moment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from fieldsvc.demo.clock import standing_at
from fieldsvc.demo.district import Cadre, Household
from fieldsvc.demo.words import identifiers
from fieldsvc.services import enrol, intake
from fieldsvc.services.context import Context
from fieldsvc.services.intake.documents import photos_in
from fieldsvc.store import attachments
from fieldsvc.store.tables import EntityRow, FormVersionRow
from fieldsvc.xlsform.effects import EntityChange, changes_of
from fieldsvc.xlsform.lists import Lists
from fieldsvc.xlsform.runtime import recalculated
from fieldsvc.xlsform.scope import Context as Moment
from fieldsvc.xlsform.tree import plant

_STEP = re.compile(r"([^\[\]/]+)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Known:
    """A record as the phone held it when the form was opened."""

    id: str
    dataset: str
    label: str
    version: int
    properties: Mapping[str, Any]

    @property
    def row(self) -> dict[str, Any]:
        """As a line of the list the form looks into."""
        return {"name": self.id, "label": self.label, **self.properties}


class Filing:
    """Opens, completes and sends forms; every identifier comes of `seed`."""

    def __init__(self, ctx: Context, seed: str) -> None:
        self._ctx = ctx
        self._ids = identifiers(seed)
        self._forms: dict[str, tuple[str, Any]] = {}

    def record(self, household: Household, dataset: str) -> Known:
        """The household's only record of that kind."""
        [found] = [each for each in self._held(household) if each.dataset == dataset]
        return found

    def file(self, form: str, by: Cadre, household: Household, moment: datetime, answers: Mapping[str, Any]) -> str:
        """Complete `answers` by what the form computes, send them with the records they write to; return the id."""
        version, definition = self._form(form)
        held = self._held(household)
        at, rows = int(moment.timestamp() * 1000), [each for each in held if each.id != household.id]
        context = {"now": at, "utc_offset": 480, "seed": "1", "preloads": {}}
        lists = {kind: [each.row for each in rows if each.dataset == kind] for kind in {each.dataset for each in rows}}
        filled = complete(answers, recalculated(definition, answers, {**context, "instances": lists}))
        tree = plant(definition, filled, Moment(at, 480, "1"), Lists(definition, lists, "zh"))
        changes = changes_of(tree, definition["entities"])
        versions = {kind: [[each.id, each.version] for each in rows if each.dataset == kind] for kind in lists}
        operation = next(self._ids)
        document = {
            "id": operation,
            "schema": 1,
            "kind": "submission",
            "author": by.id,
            "install_id": f"demo-{by.staff_no}",
            "cursor": None,
            "created_at": at,
            "form": form,
            "version": version,
            "subject": household.id,
            "answers": filled,
            "started_at": at - 420_000,
            "ended_at": at,
            "context": {**context, "rows": versions},
            "entities": [self._declared(change, held) for change in changes],
        }
        clock = standing_at(self._ctx, moment)
        actor = enrol.actor_of(clock, by.id)
        assert actor is not None
        [receipt] = intake.accept(clock, actor, [(operation, orjson.dumps(document).decode())])
        assert receipt.status == "applied", receipt
        with self._ctx.db.write() as session:
            for _, photo in photos_in(filled):
                attachments.note_possession(session, actor.feed_id, by.id, photo["sha256"])
        return operation

    def _form(self, form: str) -> tuple[str, Any]:
        if form not in self._forms:
            with self._ctx.db.read() as session:
                row = session.scalars(select(FormVersionRow).where(FormVersionRow.form_id == form)).one()
                self._forms[form] = (row.version, row.definition)
        return self._forms[form]

    def _held(self, household: Household) -> list[Known]:
        with self._ctx.db.read() as session:
            rows = session.scalars(select(EntityRow).where(EntityRow.subject_id == household.id))
            return [Known(row.id, row.dataset, row.label, row.version, row.properties) for row in rows]

    def _declared(self, change: EntityChange, held: Sequence[Known]) -> dict[str, Any]:
        version = next((each.version for each in held if each.id == change.id), 0)
        return {
            "dataset": change.dataset,
            "id": change.id or next(self._ids),
            **({"create": True} if change.create else {}),
            "base_version": version,
            "trunk_version": version,
            "branch_id": next(self._ids),
            "path": change.path,
        }


def complete(answers: Mapping[str, Any], computed: Mapping[str, str | None]) -> dict[str, Any]:
    """The answers with every computed value that is not blank in its place; `computed` is by ref."""
    filled: dict[str, Any] = orjson.loads(orjson.dumps(answers))
    for ref, value in computed.items():
        if value is not None:
            _, *groups, leaf = ref.strip("/").split("/")
            place = filled
            for name, number in _STEP.findall("/".join(groups)):
                place = place[name][int(number) - 1] if number else place.setdefault(name, {})
            place[leaf] = value
    return filled
