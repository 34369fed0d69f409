"""What is different between two versions of a form, and what that means for answers and records. Pure.

Shown before anything is published: a wrong code is cheap to mend today and costs a county's figures in a year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldsvc.xlsform.compare_rules import rules
from fieldsvc.xlsform.compare_texts import RULES, SENTENCES
from fieldsvc.xlsform.compiled import walk
from fieldsvc.xlsform.definition import Definition, NodeDefinition
from fieldsvc.xlsform.kinds import called, kind_of
from fieldsvc.xlsform.records import Datasets, new_properties

#: How often each code of each question has been answered, by ref.
Used = Mapping[str, Mapping[str, int]]
Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `values` fill its sentence, each in Chinese and English; `grave` asks for a second look."""

    kind: str
    ref: str
    values: Mapping[str, Said]

    @property
    def grave(self) -> bool:
        """Whether something is lost, or means something else than before."""
        return SENTENCES[self.kind][2]

    def sentence(self, language: str) -> str:
        """The difference in words."""
        zh, en, _ = SENTENCES[self.kind]
        return (zh if language == "zh" else en).format_map({name: said[language] for name, said in self.values.items()})


def compare(
    old: Definition,
    new: Definition,
    datasets: Datasets,
    used: Used | None = None,
    titles: Mapping[str, Said] | None = None,
) -> list[Difference]:
    """Everything that differs, in the order of the form: the form itself, its questions, what happens to records.

    `titles` are what the datasets are called.
    """
    before = {node["ref"]: node for node in walk(old["nodes"])}
    after = {node["ref"]: node for node in walk(new["nodes"])}
    pairs = _pairs(before, after)
    found = [*_form(old, new, titles or {})]
    for ref, node in after.items():
        if ref not in pairs:
            if _counts(node):
                found.append(_difference("question-added", ref, what=named(node)))
            continue
        was = before[pairs[ref]]
        found += _identity(was, node, after)
        found += _choices(old, new, was, node, (used or {}).get(was["ref"], {}))
        found += _rules(was, node)
    kept = set(pairs.values())
    gone = (node for ref, node in before.items() if ref not in kept and _counts(node))
    found += [_difference("question-removed", node["ref"], what=named(node)) for node in gone]
    return [*found, *_records(old, new, before, after, datasets, titles or {})]


def removed_codes(old: Definition, new: Definition) -> dict[str, set[str]]:
    """The codes that would go, by the ref of their question in the old version: to look up whether they were used."""
    before = {node["ref"]: node for node in walk(old["nodes"])}
    after = {node["ref"]: node for node in walk(new["nodes"])}
    found = {}
    for ref, was_ref in _pairs(before, after).items():
        had, has = _codes(old, before[was_ref]), _codes(new, after[ref])
        if had.keys() - has.keys():
            found[was_ref] = set(had.keys() - has.keys())
    return found


def named(node: NodeDefinition) -> dict[str, str]:
    """A question as people call it: its words, and its name for whoever has the spreadsheet open."""
    said = both(node.get("label", {}), node["name"])
    if said["zh"] == said["en"] == node["name"]:
        return said
    return {"zh": f"“{said['zh']}”（{node['name']}）", "en": f"“{said['en']}” ({node['name']})"}


def both(texts: Mapping[str, Any], otherwise: str) -> dict[str, str]:
    """Texts in Chinese and English, one standing for the other; values inside them as dots."""
    plain = {
        code: text if isinstance(text, str) else "".join(part if isinstance(part, str) else "…" for part in text)
        for code, text in texts.items()
    }
    fallback = next(iter(plain.values()), otherwise)
    return {"zh": plain.get("zh", fallback), "en": plain.get("en", fallback)}


def _difference(kind: str, ref: str, **values: Said | str) -> Difference:
    said = {name: {"zh": value, "en": value} if isinstance(value, str) else value for name, value in values.items()}
    return Difference(kind, ref, said)


def _counts(node: NodeDefinition) -> bool:
    """Whether somebody would miss it: what only carries values along is nobody's question."""
    return node["kind"] != "calculate" or bool(node.get("label"))


def _form(old: Definition, new: Definition, titles: Mapping[str, Said]) -> Iterator[Difference]:
    if old["title"] != new["title"]:
        yield _difference("title-changed", "", old=both(old["title"], ""), new=both(new["title"], ""))
    was, now = old.get("subject_dataset", ""), new.get("subject_dataset", "")
    if was != now:
        yield _difference("subject-changed", "", old=titles.get(was, was or "—"), new=titles.get(now, now or "—"))
    for code in sorted({*old["languages"], *new["languages"]}):
        if code not in old["languages"]:
            yield _difference("language-added", "", new=code)
        elif code not in new["languages"]:
            yield _difference("language-removed", "", old=code)


def _pairs(before: Mapping[str, NodeDefinition], after: Mapping[str, NodeDefinition]) -> dict[str, str]:
    """Which question of the new version is which of the old: by its place, by its name elsewhere, or by its words."""
    pairs = {ref: ref for ref in after if ref in before}
    lost = {ref: node for ref, node in before.items() if ref not in pairs}
    for ref, node in after.items():
        if ref in pairs:
            continue
        for was_ref, was in lost.items():
            moved = was["name"] == node["name"] and was["kind"] == node["kind"]
            same_words = bool(node.get("label")) and was.get("label") == node.get("label")
            if moved or (same_words and was.get("type") == node.get("type") and was["kind"] == node["kind"]):
                pairs[ref] = was_ref
                del lost[was_ref]
                break
    return pairs


def _identity(was: NodeDefinition, node: NodeDefinition, after: Mapping[str, NodeDefinition]) -> Iterator[Difference]:
    if was["name"] != node["name"]:
        yield _difference("question-renamed", node["ref"], what=named(node), old=was["name"], new=node["name"])
    parent, parent_was = node["ref"].rpartition("/")[0], was["ref"].rpartition("/")[0]
    if parent != parent_was and was["name"] == node["name"]:
        page = after.get(parent)
        yield _difference("question-moved", node["ref"], what=named(node), new=named(page) if page else "—")
    if kind_of(was) != kind_of(node):
        kinds = {"old": called(kind_of(was)), "new": called(kind_of(node))}
        yield _difference("question-retyped", node["ref"], what=named(node), **kinds)
    if was.get("label") != node.get("label"):
        words = both(was.get("label", {}), ""), both(node.get("label", {}), "")
        if words[0] != words[1]:
            yield _difference("label-changed", node["ref"], what=named(node), old=words[0], new=words[1])


def _codes(definition: Definition, node: NodeDefinition) -> dict[str, Any]:
    return {choice["value"]: choice["label"] for choice in definition["choices"].get(node.get("choices", ""), [])}


def _choices(
    old: Definition, new: Definition, was: NodeDefinition, node: NodeDefinition, used: Mapping[str, int]
) -> Iterator[Difference]:
    had, has = _codes(old, was), _codes(new, node)
    if not had or not has:
        return
    for code, label in has.items():
        said = both(label, code)
        if code not in had:
            yield _difference("choice-added", node["ref"], what=named(node), new=_coded(said, code))
        elif both(had[code], code) != said:
            yield _difference(
                "choice-relabelled", node["ref"], what=named(node), code=code, old=both(had[code], code), new=said
            )
    for code, label in had.items():
        if code not in has:
            values = {"what": named(node), "old": _coded(both(label, code), code)}
            if used.get(code):
                yield _difference("choice-removed-used", node["ref"], **values, count=str(used[code]))
            else:
                yield _difference("choice-removed", node["ref"], **values)


def _coded(said: Said, code: str) -> dict[str, str]:
    return {"zh": f"“{said['zh']}”（{code}）", "en": f"“{said['en']}” ({code})"}


def _rules(was: NodeDefinition, node: NodeDefinition) -> Iterator[Difference]:
    had, has = rules(was), rules(node)
    for name in {**had, **has}:
        old, new = had.get(name), has.get(name)
        if old == new:
            continue
        zh, en = RULES[name.rstrip("0123456789")]
        kind = "rule-added" if old is None else "rule-removed" if new is None else "rule-changed"
        written = {"old": _always(old or ""), "new": _always(new or "")}
        yield _difference(kind, node["ref"], what=named(node), rule={"zh": zh, "en": en}, **written)


def _always(rule: str) -> Said | str:
    """What somebody wrote as `yes` in the spreadsheet is `true()` in the compiled form and in nobody's words."""
    return {"zh": "一律如此", "en": "always"} if rule == "true()" else rule


def _records(
    old: Definition,
    new: Definition,
    before: Mapping[str, NodeDefinition],
    after: Mapping[str, NodeDefinition],
    datasets: Datasets,
    titles: Mapping[str, Said],
) -> Iterator[Difference]:
    """What happens to the records: which are written, which properties are new, which are no longer filled."""
    added = new_properties(new, datasets)
    had, has = _saves(old), _saves(new)
    for dataset in dict.fromkeys([*had, *has]):
        called = titles.get(dataset, dataset)
        if dataset not in had:
            yield _difference("records-added", "", dataset=called)
        elif dataset not in has:
            yield _difference("records-removed", "", dataset=called)
            continue
        for name, ref in has[dataset].items():
            if name in added.get(dataset, {}):
                label = added[dataset][name]["label"]
                yield _difference("property-added", ref, dataset=called, new=_coded(label, name))
            elif name not in had.get(dataset, {}):
                said = _property(datasets, dataset, name)
                yield _difference("save-added", ref, what=named(after[ref]), dataset=called, new=said)
        for name, ref in had.get(dataset, {}).items():
            if name not in has[dataset]:
                said = _property(datasets, dataset, name)
                yield _difference("save-removed", ref, what=named(before[ref]), dataset=called, old=said)


def _property(datasets: Datasets, dataset: str, name: str) -> dict[str, str]:
    known = datasets.get(dataset, {}).get(name, {})
    return _coded(both(known.get("label", {}), name), name)


def _saves(definition: Definition) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for entity in definition.get("entities", []):
        found.setdefault(entity["dataset"], {}).update(entity["saves"])
    return found
