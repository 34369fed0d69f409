"""What compiling a form gives, and how a definition is named and walked.

Apart from `compile.py`, because everybody needs these and few compile: the readers of spreadsheets weigh 25 MB.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fieldsvc.xlsform.definition import Definition, NodeDefinition
from fieldsvc.xlsform.problems import FormProblem


@dataclass(frozen=True, slots=True)
class Compiled:
    """A form ready to be published. `digest` is the SHA-256 of its JSON: equal forms have equal digests.

    `rows` are the survey rows of its questions by path below the root, so that what is found later has a place too;
    `pictures` the files it shows, by digest.
    """

    definition: Definition
    digest: str
    warnings: list[FormProblem]
    rows: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)


def digest_of(definition: Any) -> str:
    """The SHA-256 of a definition's JSON, compact, keys in the order written."""
    text = json.dumps(definition, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def walk(nodes: list[NodeDefinition]) -> Iterator[NodeDefinition]:
    """Every node, parents before children."""
    for node in nodes:
        yield node
        yield from walk(node.get("children", []))
