"""A form beside the datasets it writes to: do they exist, do the types fit, and which properties would be new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fieldsvc.xlsform.compiled import Compiled, walk
from fieldsvc.xlsform.definition import Definition, EntityDeclaration, NodeDefinition
from fieldsvc.xlsform.kinds import called, kind_of
from fieldsvc.xlsform.problems import FormProblem, problem
from fieldsvc.xlsform.spelling import nearest

#: Properties by name, by dataset.
Properties = Mapping[str, Mapping[str, Any]]
Datasets = Mapping[str, Properties]

#: Which types of question may fill a property of each type. What is computed may fill any: nobody wrote its type.
_FITS = {
    "int": {"int", "range"},
    "decimal": {"int", "decimal", "range"},
    "date": {"date"},
    "dateTime": {"dateTime", "date"},
    "geopoint": {"geopoint"},
    "select_one": {"select_one"},
    "select_multiple": {"select_multiple", "select_one", "rank"},
}
_FILES = {"image", "signature", "audio", "video", "file"}
#: The merge policies of properties that only the server, the office and imports write.
_CLOSED = ("server", "derived")
_CODED = ("select_one", "select_multiple")


def check_records(compiled: Compiled, datasets: Datasets) -> tuple[list[FormProblem], list[FormProblem]]:
    """Mistakes and doubts about the records a form writes to and is prefilled from."""
    problems: list[FormProblem] = []
    warnings: list[FormProblem] = []
    definition = compiled.definition
    nodes = {node["ref"]: node for node in walk(definition["nodes"])}
    subject = definition.get("subject_dataset", "")
    if subject not in datasets:
        # Phones list a form under the records it is about; one about nothing would never be seen.
        code = "dataset-unknown" if subject else "subject-missing"
        problems.append(problem(code, nearest(subject, datasets), sheet="settings", row=2, column="subject_dataset"))
    for entity in definition.get("entities", []):
        if entity["dataset"] not in datasets:
            problems.append(
                problem("dataset-unknown", nearest(entity["dataset"], datasets), sheet="entities", column="list_name")
            )
            continue
        known = datasets[entity["dataset"]]
        for name, ref in entity["saves"].items():
            place: dict[str, Any] = {"sheet": "survey", "row": row_of(compiled, ref), "column": "save_to", "ref": ref}
            if name not in known:
                warnings.append(problem("property-new", nearest(f"{name}", known), **place))
            elif not _fits(known[name], nodes[ref]):
                asked, kept = called(kind_of(nodes[ref])), called(known[name]["type"])
                differ = {code: f"{asked[code]} ≠ {kept[code]}" for code in asked}
                problems.append(problem("property-type", differ["en"], detail_zh=differ["zh"], **place))
            elif known[name].get("policy") in _CLOSED and not _begins(definition, entity):
                # Nothing of it would arrive, and nobody would be told.
                warnings.append(problem("property-closed", name, **place))
            else:
                strange = _strange_codes(definition, known[name], nodes[ref])
                if strange:
                    warnings.append(problem("property-code", " ".join(strange), **place))
    warnings += _prefills(compiled, nodes, datasets)
    return problems, warnings


def _begins(definition: Definition, entity: EntityDeclaration) -> bool:
    """Whether this is the record that the form begins: of it, it says also what only the office may change."""
    own = entity["dataset"] == definition.get("subject_dataset") and entity["path"] == definition["root"]
    return own and definition.get("new_subject", False)


def new_properties(definition: Definition, datasets: Datasets) -> dict[str, dict[str, dict[str, Any]]]:
    """The properties this form would add, by dataset and name, each with policy `review` and the question's words."""
    nodes = {node["ref"]: node for node in walk(definition["nodes"])}
    added: dict[str, dict[str, dict[str, Any]]] = {}
    for entity in definition.get("entities", []):
        known = datasets.get(entity["dataset"])
        for name, ref in entity["saves"].items():
            if known is not None and name not in known:
                added.setdefault(entity["dataset"], {})[name] = _property(definition, name, nodes[ref])
    return added


def row_of(compiled: Compiled, ref: str) -> int | None:
    """The row of the survey sheet a question stands in, where that is known."""
    return compiled.rows.get(ref.partition("/")[2].partition("/")[2])


def _fits(known: Mapping[str, Any], node: NodeDefinition) -> bool:
    kind = node.get("type", "string")
    if kind in _FILES:
        return False
    if node["kind"] == "calculate" or known["type"] == "string":
        return True
    return kind in _FITS.get(known["type"], {kind})


def _strange_codes(definition: Definition, known: Mapping[str, Any], node: NodeDefinition) -> list[str]:
    codes = {choice["value"] for choice in known.get("choices") or () if isinstance(choice, Mapping)}
    if known["type"] not in _CODED or not codes:
        return []
    asked = definition["choices"].get(node.get("choices", ""), [])
    return [choice["value"] for choice in asked if choice["value"] not in codes]


def _prefills(compiled: Compiled, nodes: Mapping[str, NodeDefinition], datasets: Datasets) -> Iterator[FormProblem]:
    known = datasets.get(compiled.definition.get("subject_dataset", ""))
    for ref, node in nodes.items():
        name = node.get("prefill", {"property": ""})["property"]
        if known and name and not name.startswith(("__", "/")) and name not in known:
            row = row_of(compiled, ref)
            yield problem(
                "prefill-unknown", nearest(name, known), sheet="survey", row=row, column="bind::fs:prefill", ref=ref
            )
        target = node.get("parameters", {}).get("target", "")
        if known and target and target not in known:
            place: dict[str, Any] = {"row": row_of(compiled, ref), "column": "bind::fs:target", "ref": ref}
            yield problem("target-unknown", nearest(target, known), sheet="survey", **place)


def _property(definition: Definition, name: str, node: NodeDefinition) -> dict[str, Any]:
    """A property like the question: its type, its words in both languages, its codes."""
    kind = node.get("type", "string")
    fits = kind if kind in _FITS else "string"
    words = {code: text for code, text in node.get("label", {}).items() if isinstance(text, str)}
    fallback = next(iter(words.values()), name)
    return {
        "type": fits,
        "label": {"zh": words.get("zh", fallback), "en": words.get("en", fallback)},
        "policy": "review",
        "group": None,
        "choices": _codes(definition, node) if fits in _CODED else [],
        "editable": False,
        "sensitivity": "open",
    }


def _codes(definition: Definition, node: NodeDefinition) -> list[dict[str, Any]]:
    found = []
    for choice in definition["choices"].get(node.get("choices", ""), []):
        words = {code: text for code, text in choice["label"].items() if isinstance(text, str)}
        fallback = next(iter(words.values()), choice["value"])
        labels = {"zh": words.get("zh", fallback), "en": words.get("en", fallback)}
        found.append({"value": choice["value"], "label": labels})
    return found
