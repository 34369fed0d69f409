"""A submission's answers as a person reads them: the form's own words, in the form's order, by section.

It turns a definition and an answers tree into lines; it decides nothing and reads nothing else. Only what was
answered is listed: an absent answer was irrelevant or untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_PHOTO_TYPES = frozenset({"image", "signature", "file", "audio", "video"})


@dataclass(frozen=True, slots=True)
class Line:
    """One answered question. `previous` is what was answered last time, where that differs."""

    ref: str
    type: str
    label: str
    text: str
    value: Any
    previous: str | None = None
    reason: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One group of the form, or one item of a repeat, with its lines."""

    ref: str
    title: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads answers of one definition in one language. `evaluate` computes the expressions inside labels."""

    definition: Mapping[str, Any]
    language: str
    evaluate: Callable[[Any, str], str] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)

    def sections(self, answers: Mapping[str, Any], previous: Mapping[str, Any] | None = None) -> list[Section]:
        """The answered sections, each line with last time's answer when that was another one."""
        root = str(self.definition.get("root", "/data"))
        before = {line.ref: line.text for line in self._all_lines(root, previous)} if previous is not None else None
        return list(self._walk(self.definition.get("nodes", ()), answers, root, self.text_of(None), before))

    def text_of(self, label: Any, ref: str = "") -> str:
        """A label in the reader's language, or in any language it has."""
        if isinstance(label, Mapping):
            label = label.get(self.language) or label.get(str(self.definition.get("default_language", "zh")))
        if isinstance(label, list):
            return "".join(part if isinstance(part, str) else self._computed(part, ref) for part in label)
        return label if isinstance(label, str) else ""

    def _computed(self, part: Any, ref: str) -> str:
        return self.evaluate(part.get("$"), ref) if self.evaluate and isinstance(part, Mapping) else "…"

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
        # A photo is new every time; saying that it "changed" would say nothing.
        told = before is not None and node.get("type") not in _PHOTO_TYPES and before.get(ref, "") != text
        rules = [self.text_of(rule.get("message"), ref) for rule in node.get("soft", ())]
        reason = self.reasons.get(ref)
        return Line(
            ref=ref,
            type=str(node.get("type", "string")),
            label=self.text_of(node.get("label"), ref) or str(node["name"]),
            text=text,
            value=value,
            previous=(before or {}).get(ref, "") if told else None,
            reason=reason,
            rule=rules[0] if reason and len(rules) == 1 else None,
        )

    def display(self, node: Mapping[str, Any], value: Any) -> str:
        """A value in words: choice labels instead of codes, a photo's digest for a photo."""
        match node.get("type"):
            case "select_one":
                return self._choice(node, str(value))
            case "select_multiple":
                codes = value if isinstance(value, list) else str(value).split()
                return ("、" if self.language == "zh" else ", ").join(self._choice(node, str(code)) for code in codes)
            case kind if kind in _PHOTO_TYPES:
                return str(value.get("sha256", "")) if isinstance(value, Mapping) else ""
            case "trigger":
                return "✓"
            case _:
                return str(value)

    def _choice(self, node: Mapping[str, Any], code: str) -> str:
        for choice in self.definition.get("choices", {}).get(node.get("choices"), ()):
            if str(choice.get("value")) == code:
                return self.text_of(choice.get("label")) or code
        return code


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
