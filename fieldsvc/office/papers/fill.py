"""A document template filled from a household's record: every block in the reader's words, masked as it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fieldsvc.office import capture_view
from fieldsvc.office.format import Format
from fieldsvc.office.labels import Labels
from fieldsvc.office.papers.filing import items
from fieldsvc.office.titles import in_language
from fieldsvc.office.words import Words
from fieldsvc.papers import Block, Grid, Heading, Paper, Picture, Pictures, Signatures, Text, Title
from fieldsvc.services.dossier.documents import Template
from fieldsvc.services.households import Household, Record
from fieldsvc.store.dossier import Shot

#: More pictures than this make a file nobody can mail; the newest of each slot stand first in the archive.
MOST_PICTURES = 60
#: States of a visit that did not count.
_VOID = frozenset({"rejected", "trial", "practice"})


@dataclass(frozen=True, slots=True)
class Printing:
    """One printing: of which household, by whom, with everything shown or not. `picture`: a photo's bytes, if any."""

    household: Household
    by: str
    full: bool
    t: Words
    f: Format
    picture: Callable[[str], bytes | None]


def papers(template: Template, printing: Printing, record_id: str | None = None) -> list[Paper]:
    """The document, once for each record it is of; for one of them if it is named; none where there is none."""
    if template.of is None:
        return [_Filling(template, printing, None).paper()]
    found = [one for one in _records(printing.household, template.of) if record_id is None or one.id == record_id]
    return [_Filling(template, printing, one).paper() for one in found]


def _records(household: Household, dataset: str) -> list[Record]:
    known = [*household.others, *(record for record, _ in household.cases)]
    return [one for one in known if one.dataset == dataset]


class _Filling:
    """One template for one record."""

    def __init__(self, template: Template, printing: Printing, record: Record | None) -> None:
        self._template, self._of, self._record = template, printing.household, record
        # A paper is signed and kept: next year nobody knows of which year its 15 August was.
        self._t, self._f, self._printing = printing.t, replace(printing.f, dated=True), printing
        self._places: Mapping[str, str] = {
            "place": " ".join(self._of.places),
            "head": self._name(self._of.record.label),
            "helpers": self._t("comma").join(self._of.helpers),
            "today": self._f.full_time(self._f.now_ms)[:10],
            "record.year": str(self._values(record).get("year") or "") if record else "",
        }

    def paper(self) -> Paper:
        """The whole document."""
        t, f = self._t, self._f
        foot = f"{self._places['place']} · {t('print.foot', by=self._printing.by, at=f.full_time(f.now_ms))}"
        blocks = [block for said in self._template.blocks for block in self._block(said)]
        label = in_language(self._template.label, t.language)
        return Paper(f"{label} {self._places['head']}", blocks, foot, t("papers.missing"), self._template.scale)

    def _block(self, said: Mapping[str, Any]) -> Iterator[Block]:
        kind = next(iter(said))
        content = said[kind]
        match kind:
            case "title":
                yield Title(self._text(content), self._text(said.get("below", "")))
            case "heading":
                yield Heading(self._text(content))
            case "text" | "large":
                yield Text(self._text(content), large=kind == "large")
            case "values":
                yield self._sheet(self._of.record, content)
            case "record" if self._record is not None:
                yield self._sheet(self._record, content)
            case "members":
                yield self._table("members", self._of.members, content)
            case "records":
                yield self._table(content, self._linked(content, said.get("link", {})), said["columns"])
            case "visits":
                yield self._told(int(content)) if said.get("told") else self._visits(int(content))
            case "photos":
                yield Pictures([self._picture(shot, text) for shot, text in self._shots(content)])
            case "archive":
                t = self._t
                rows = [(str(one["group"]), one["label"], one["word"], one["reason"]) for one in items(self._of, t)]
                head = [t("archive.class"), t("archive.item"), t("archive.state"), t("archive.reason")]
                yield Grid(rows, (1, 5, 2, 3), head)
            case "sign":
                yield Signatures([self._text(one) for one in content])
            case _:
                raise ValueError(f"{self._template.name}: no block is called {kind}")

    def _text(self, said: Any) -> str:
        text = in_language(said, self._t.language)
        for name, value in self._places.items():
            text = text.replace("{" + name + "}", value)
        return text

    def _sheet(self, record: Record, names: Sequence[str]) -> Grid:
        """Labels and values, two pairs to a row."""
        labels, values = self._labels(record.dataset), self._values(record)
        pairs = [(labels.label(name), self._shown(labels, name, values)) for name in names]
        padded = [*pairs, ("", "")] if len(pairs) % 2 else pairs
        return Grid([(*left, *right) for left, right in zip(padded[::2], padded[1::2], strict=True)], (2, 3, 2, 3))

    def _table(self, dataset: str, records: Sequence[Record], names: Sequence[str]) -> Block:
        labels = self._labels(dataset)
        rows = [[self._shown(labels, name, self._values(one)) for name in names] for one in records]
        return (
            Grid(rows, [1.0] * len(names), [labels.label(name) for name in names])
            if rows
            else Text(self._t("papers.none"))
        )

    def _linked(self, dataset: str, link: Mapping[str, str]) -> list[Record]:
        """The records of a dataset; those alone that name this document's record where the template says how."""
        found = _records(self._of, dataset)
        own = self._values(self._record) if self._record else {}
        return [one for one in found if all(self._values(one).get(a) == own.get(b) for a, b in link.items())]

    def _visits(self, most: int) -> Block:
        t, f = self._t, self._f
        rows = [
            (
                f.full_time(one.received_at)[:10],
                in_language(self._of.form_titles.get(one.form_id), t.language) or one.form_id,
                one.author,
                t.known("state", "withdrawn" if one.withdrawn else one.state),
            )
            for one in self._of.visits[:most]
        ]
        head = [t("received"), t("form"), t("cadre"), t("filter.state")]
        return Grid(rows, (2, 4, 2, 2), head) if rows else Text(t("household.no-visits"))

    def _told(self, most: int) -> Block:
        """The visits as the booklet tells them: composed from the answers at the door, so that nobody copies them."""
        standing = [one for one in self._of.visits if one.handbook and not one.withdrawn and one.state not in _VOID]
        rows = [
            (self._f.full_time(one.started_at or one.received_at)[:10], one.handbook, one.author) for one in standing
        ]
        head = [self._t("started"), self._t("papers.told"), self._t("cadre")]
        return Grid(rows[:most], (2, 7, 2), head) if rows else Text(self._t("household.no-visits"))

    def _shots(self, wanted: Sequence[str] | str) -> Iterator[tuple[Shot, str]]:
        """The newest photos of these slots of this record, or of all that the household has."""
        whose = self._of.series if self._record is None else {self._record.id: self._of.series.get(self._record.id)}
        taken = [
            (shot, f"{in_language(slot.label, self._t.language)} {self._f.day(shot.at)}")
            for series in whose.values()
            if series is not None
            for slot in series.slots
            if wanted == "all" or slot.name in wanted
            for shot in slot.shots
        ]
        yield from taken[-MOST_PICTURES:]

    def _picture(self, shot: Shot, caption: str) -> Picture:
        """A photo with the stamp its form asks for: time, place and number, drawn over it and never who."""
        stamp = capture_view.stamp(shot.stamp, shot.capture, shot.visit_id[-8:], self._f)
        return Picture(self._printing.picture(shot.sha256), caption, "" if self._template.public else stamp)

    def _shown(self, labels: Labels, name: str, values: Mapping[str, Any]) -> str:
        value = values.get(name)
        if value in (None, ""):
            return ""
        if labels.is_masked(name) and not (self._printing.full and not self._template.public):
            return self._t("masked")
        text = labels.display(name, value)
        return self._name(text) if name in ("head_name", "full_name") else text

    def _name(self, name: str) -> str:
        """On a board or a wall outside the family's hands a name keeps its first character."""
        return f"{name[:1]}{'＊' * (len(name) - 1)}" if self._template.public else name

    def _labels(self, dataset: str) -> Labels:
        return Labels(self._of.datasets.get(dataset), self._f)

    @staticmethod
    def _values(record: Record) -> Mapping[str, Any]:
        return {one.name: one.value for one in record.properties}
