"""Everything a run left behind: the database, the phones, the ledgers, and what the office said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldsvc.store.tables import EntityRow, EntityVersionRow, OperationRow

Row = dict[str, Any]
TOOK_EFFECT = ("applied", "merged", "conflict")
#: Properties that people decide about: each value anybody types of them is like no other.
DECIDED = ("phone", "water", "bank", "account_no", "health")


@dataclass
class Evidence:
    """Read once, looked at from several sides. `people` says whose each phone is."""

    session: Session
    reports: Sequence[Row]
    people: Mapping[str, str]
    #: Operations in review that the office let through, and those it turned down.
    accepted: set[str]
    refused: set[str]
    #: Operations of a database that an older one took the place of; of several such the number of the last.
    forgotten: Mapping[str, int] = field(default_factory=dict)
    #: What had been kept unread; of that only what took no effect is left.
    unread: Set[str] = frozenset()
    #: Everything that was typed.
    promised: list[Row] = field(init=False)
    #: What was typed and is owed, by the operation that carries it.
    lines: dict[str, Row] = field(init=False)
    #: What lay on a phone that was lost, and nowhere else: nobody can have it any more.
    gone: set[str] = field(init=False)
    operations: dict[str, OperationRow] = field(init=False)
    entities: dict[str, EntityRow] = field(init=False)
    versions: dict[str, list[EntityVersionRow]] = field(init=False)
    #: Visits that were taken back or replaced: what they wrote may have gone with them.
    undone: set[str] = field(init=False)
    #: Visits that their author took back, with an amendment of theirs or alone: what still waited ends refused by that.
    taken_back: set[str] = field(init=False)
    #: What has been on each phone's screen or was typed on it, by the record that stands for it now, and property.
    seen: dict[tuple[str, str, str], set[str | None]] = field(init=False)

    def __post_init__(self) -> None:
        self.operations = {row.id: row for row in self.session.scalars(select(OperationRow))}
        self.promised = [{**line, "phone": report["phone"]} for report in self.reports for line in report["promised"]]
        self.unread = {id_ for id_, row in self.operations.items() if id_ in self.unread and row.status == "refused"}
        self.gone = {line["id"] for line in self.promised if self._went_with_its_phone(line)}
        self.lines = {line["id"]: line for line in self.promised if line["id"] not in self.gone}
        self.entities = {row.id: row for row in self.session.scalars(select(EntityRow))}
        self.versions = defaultdict(list)
        order = (EntityVersionRow.entity_id, EntityVersionRow.version)
        for row in self.session.scalars(select(EntityVersionRow).order_by(*order)):
            self.versions[row.entity_id].append(row)
        self.seen = defaultdict(set)
        for report in self.reports:
            for line in report["promised"]:
                for name in DECIDED:
                    values = (line["shown"], line["typed"], line.get("under", {}))
                    seen = self.seen[report["phone"], self.home(line["entity"]), name]
                    seen |= {each.get(name) or None for each in values}
        self.taken_back, new = set(), {line["of"] for line in self.lines.values() if line.get("of")}
        while new:  # with an amendment also what it amends
            self.taken_back |= new
            new = {self.lines[id_].get("replaces") for id_ in new & self.lines.keys()} - {None} - self.taken_back
        self.undone = self.taken_back | {line["replaces"] for line in self.lines.values() if line.get("replaces")}

    def _went_with_its_phone(self, line: Row) -> bool:
        """Not what somebody carries in a file, nor what the server had and should have still.

        What a phone removed as it was told to it had sent. Where the server had been put back before, and had forgotten
        that, the phone was to send it again and not to remove it.
        """
        if line["id"] in self.operations or line.get("carried"):
            return False
        if "wiped" in line:
            return self.forgotten.get(line["id"], 0) > line["wiped"]
        return bool(line.get("lost")) and (line["lost"] == "unsent" or line["id"] in self.forgotten)

    def home(self, entity: str) -> str:
        """The record that stands for this one since the office made one of several; itself, where it did not."""
        while (row := self.entities.get(entity)) is not None and row.merged_into:
            entity = row.merged_into
        return entity

    def stands(self, operation: str) -> bool:
        """Whether an operation took effect and was neither taken back nor replaced."""
        row = self.operations.get(operation)
        return row is not None and row.status in TOOK_EFFECT and operation not in self.undone

    def is_replaced(self, operation: str) -> bool:
        """Whether a waiting visit was ended by its author's amendment that took effect, or by one of that.

        The one between may have been declined: the last of a chain stands for all of it.
        """
        row = self.operations.get(operation)
        return row is not None and (row.problem or {}).get("code") == "replaced" and self._is_amended(operation)

    def _is_amended(self, operation: str) -> bool:
        later = {id_ for id_, line in self.lines.items() if line.get("replaces") == operation} & self.operations.keys()
        return any(self.operations[id_].status in TOOK_EFFECT or self._is_amended(id_) for id_ in later)

    def is_declined_with_its_household(self, operation: str) -> bool:
        """Whether this was declined because what began its household was, by a person."""
        row = self.operations[operation]
        if (row.problem or {}).get("code") != "registration-declined":
            return False
        began = {id_ for id_, line in self.lines.items() if line.get("form") and line["entity"] == row.subject_id}
        return bool(began & (self.refused | self.undone))
