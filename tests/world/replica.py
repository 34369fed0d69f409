"""What one phone has of the server: records, visits, and the subjects it may hold. Written only by a pull."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass
class Replica:
    """Entities and submissions by id, the subjects in scope, and every notice by its position."""

    entities: dict[str, Row] = field(default_factory=dict)
    submissions: dict[str, Row] = field(default_factory=dict)
    subjects: set[str] = field(default_factory=set)
    forms: dict[str, Row] = field(default_factory=dict)
    notices: dict[int, Row] = field(default_factory=dict)
    leaving: set[str] = field(default_factory=set)

    def take(self, page: Row, busy: set[str]) -> None:
        """Apply one page of a pull: grants first, then rows, then removals.

        A subject with unsent work (`busy`) leaves only after that work has: a household handed over on the 20th
        must not take a visit of the 19th with it.
        """
        scope = page.get("scope") or {}
        back = {grant["subject"] for grant in scope.get("add") or []}
        for subject in self.leaving & back:
            self._drop(subject)
        self.subjects |= back
        for change in page.get("changes") or []:
            self._change(change)
        for subject in scope.get("remove") or []:
            self.subjects.discard(subject)
            self.leaving.add(subject)
        self.leaving -= self.subjects
        for subject in self.leaving - busy:
            self._drop(subject)
        for notice in page.get("notices") or []:
            self.notices[notice["id"]] = notice

    def forget(self) -> None:
        """Start over: the server's history is another one now. What people were told stays told."""
        self.entities.clear()
        self.submissions.clear()
        self.subjects.clear()
        self.forms.clear()

    def version(self, entity: str) -> int:
        """The last version of the entity that the server told this phone; 0 when it never did."""
        row = self.entities.get(entity)
        return int(row["version"]) if row else 0

    def _change(self, change: Row) -> None:
        match change["kind"]:
            case "entity":
                # Pages may repeat a row and a back-fill may overtake an older change: the newer version wins.
                if change["version"] >= self.version(change["id"]):
                    self.entities[change["id"]] = change
            case "submission":
                self.submissions[change["id"]] = change
            case "form" | "dataset" as kind:
                self.forms[f"{kind}:{change.get('form', change.get('name'))}"] = change
            case kind:
                raise AssertionError(f"the server sent a change of unknown kind {kind!r}")

    def _drop(self, subject: str) -> None:
        self.leaving.discard(subject)
        self.entities = {key: row for key, row in self.entities.items() if row["subject"] != subject}
        self.submissions = {key: row for key, row in self.submissions.items() if row["subject"] != subject}
