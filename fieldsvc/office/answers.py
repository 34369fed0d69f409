"""A submission's answers as a person reads them: the form's own words, in the form's order, by section.

It turns a definition and an answers tree into lines; it decides nothing and reads nothing else. Only what was
answered is listed: an absent answer was irrelevant or untouched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

_HEADS = re.compile(r"^\s*(?:#{1,6}|[-*+])\s+", re.MULTILINE)
_BOLD = re.compile(r"(\*\*|__)(\S.*?)\1")
_PHOTO_TYPES = frozenset({"image", "signature", "file", "audio", "video"})
_ALWAYS_NEW = _PHOTO_TYPES | {"geopoint"}


@dataclass(frozen=True, slots=True)
class Line:
    """One answered question. `previous` is what was answered last time, where that differs; `pictures` are the digests
    of what the form shows beside the choices."""

    ref: str
    type: str
    label: str
    text: str
    value: Any
    previous: str | None = None
    reason: str | None = None
    rules: tuple[str, ...] = ()
    masked: bool = False
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One group of the form, or one item of a repeat, with its lines."""

    ref: str
    title: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads answers of one definition in one language.

    `labels` are those that the answers themselves fill in, `names` the records that answers point to, `rules` the
    sentences of soft rules that were broken, `masked` the questions (without positions) not to be shown, and `revealed`
    the single answers to them that are; `others` of these were another record's last time.
    """

    definition: Mapping[str, Any]
    language: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    masked: Set[str] = frozenset()
    revealed: Set[str] = frozenset()
    others: Set[str] = frozenset()

    def sections(self, answers: Mapping[str, Any], previous: Mapping[str, Any] | None = None) -> list[Section]:
        """The answered sections, each line with last time's answer when that was another one."""
        root = str(self.definition.get("root", "/data"))
        before = None
        if previous is not None:
            unmasked = replace(self, masked=frozenset())
            before = {line.ref: line.text for line in unmasked._all_lines(root, previous)}
        return list(self._walk(self.definition.get("nodes", ()), answers, root, self.text_of(None), before))

    def text_of(self, label: Any, ref: str = "") -> str:
        """A label in the reader's language, or in any language it has."""
        label = self.labels.get(ref, label)
        if isinstance(label, Mapping):
            label = label.get(self.language) or label.get(str(self.definition.get("default_language", "zh")))
        if isinstance(label, list):
            return "".join(part if isinstance(part, str) else "…" for part in label)
        return unmarked(label) if isinstance(label, str) else ""

    def _all_lines(self, root: str, answers: Mapping[str, Any]) -> Iterator[Line]:
        for section in self._walk(self.definition.get("nodes", ()), answers, root, "", None):
            yield from section.lines

    def _walk(
        self, nodes: Any, answers: Mapping[str, Any], ref: str, title: str, before: Mapping[str, str] | None
    ) -> Iterator[Section]:
        lines: list[Line] = []
        for node in nodes:
            here, value = f"{ref}/{node['name']}", answers.get(node["name"])
            kind = node.get("kind")
            if kind in ("group", "repeat"):
                if lines:
                    yield Section(ref, title, tuple(lines))
                    lines = []
                yield from self._container(node, value, here, title, before)
            elif kind in ("question", "calculate") and value not in (None, "", []) and node.get("label"):
                lines.append(self._line(node, value, here, before))
        if lines:
            yield Section(ref, title, tuple(lines))

    def _container(
        self, node: Mapping[str, Any], value: Any, ref: str, title: str, before: Mapping[str, str] | None
    ) -> Iterator[Section]:
        own = self.text_of(node.get("label"), ref) or title
        if node["kind"] == "group" and isinstance(value, Mapping):
            yield from self._walk(node.get("children", ()), value, ref, own, before)
        elif node["kind"] == "repeat" and isinstance(value, list):
            for number, item in enumerate(value, 1):
                if isinstance(item, Mapping):
                    children = node.get("children", ())
                    yield from self._walk(children, item, f"{ref}[{number}]", f"{own} {number}", before)

    def _line(self, node: Mapping[str, Any], value: Any, ref: str, before: Mapping[str, str] | None) -> Line:
        text = self.display(node, value)
        # A photo and a position are new every time; saying that they "changed" would say nothing.
        told = before is not None and node.get("type") not in _ALWAYS_NEW and before.get(ref, "") != text
        masked = plain(ref) in self.masked and ref not in self.revealed
        # The same place may have been another person's last time, whose answer nobody asked for; in a repeat it moves.
        told = told and not (ref in self.revealed and (ref != plain(ref) or ref in self.others))
        return Line(
            ref=ref,
            type=str(node.get("type", "string")),
            label=self.text_of(node.get("label"), ref) or str(node["name"]),
            text="" if masked else text,
            value=None if masked else value,
            previous=("" if masked else (before or {}).get(ref, "")) if told else None,
            reason=self.reasons.get(ref),
            rules=tuple(self.text_of(rule) for rule in self.rules.get(ref, ())),
            masked=masked,
            pictures=() if masked else tuple(self._pictures(node, value)),
        )

    def display(self, node: Mapping[str, Any], value: Any) -> str:
        """A value in words: choice labels instead of codes, a photo's digest for a photo."""
        match node.get("type"):
            case "select_one":
                return self._choice(node, str(value))
            case "select_multiple" | "rank":
                codes = value if isinstance(value, list) else str(value).split()
                return ("、" if self.language == "zh" else ", ").join(self._choice(node, str(code)) for code in codes)
            case kind if kind in _PHOTO_TYPES or isinstance(value, Mapping):
                return str(value.get("sha256", "")) if isinstance(value, Mapping) else ""
            case "trigger":
                return "✓"
            case _:
                return str(value)

    def _pictures(self, node: Mapping[str, Any], value: Any) -> Iterator[str]:
        """The pictures of what was chosen, in the order of the list."""
        codes = str(value).split() if node.get("type") in ("select_one", "select_multiple", "rank") else ()
        for choice in self.definition.get("choices", {}).get(node.get("choices"), ()):
            if choice.get("image") and choice.get("value") in codes:
                yield str(choice["image"])

    def _choice(self, node: Mapping[str, Any], code: str) -> str:
        for choice in self.definition.get("choices", {}).get(node.get("choices"), ()):
            if str(choice.get("value")) == code:
                return self.text_of(choice.get("label")) or code
        # A list the county keeps, in the rows that this version of the form took along.
        for row in self.definition.get("instances", {}).get(node.get("choices"), ()):
            if row.get("name") == code:
                return row.get(f"label::{self.language}") or row.get("label") or code
        return self.names.get(code, code)


def unmarked(text: str) -> str:
    """A label without the marks that the phone draws as headings, lists and bold: here it stands in one line."""
    return _BOLD.sub(r"\2", _HEADS.sub("", text))


def plain(ref: str) -> str:
    """A reference without positions: every item of a repeat asks the same question."""
    return re.sub(r"\[\d+\]", "", ref)


def photos(answers: Any, ref: str = "/data") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every attachment in an answers tree with its concrete reference."""
    if isinstance(answers, Mapping):
        if isinstance(answers.get("sha256"), str):
            yield ref, answers
        else:
            for name, value in answers.items():
                yield from photos(value, f"{ref}/{name}")
    elif isinstance(answers, list):
        for number, item in enumerate(answers, 1):
            yield from photos(item, f"{ref}[{number}]")
