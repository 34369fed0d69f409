"""The shape of a compiled form, as types only. `static/core/form-types.js` describes the same for the phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from fieldsvc.xlsform.parse import Ast

Text = str | list[str | dict[str, Ast]]
Texts = dict[str, Text]
Kind = Literal["question", "group", "repeat", "calculate", "note"]
Answers = Mapping[str, Any]


class SoftRule(TypedDict):
    """A doubt: `test` false warns, and asks for a reason where `reason` is set."""

    test: Ast
    message: Texts
    reason: bool


class Messages(TypedDict, total=False):
    """What a hard rule says when it is broken."""

    constraint: Texts
    required: Texts


class Itemset(TypedDict):
    """Choices taken from nodes: which, and what of them is the value and the label."""

    nodes: Ast
    value: str
    label: str


class Prefill(TypedDict):
    """Which property of the subject fills a question of a new form."""

    property: str


class Trigger(TypedDict):
    """What changing this question writes to another."""

    target: str
    value: Ast


class _Named(TypedDict):
    name: str
    ref: str
    kind: Kind


class NodeDefinition(_Named, total=False):
    """One node of a form; `ref` is its path without positions."""

    type: str
    label: Texts
    hint: Texts
    guidance: Texts
    image: str
    appearance: str
    part: str
    parameters: dict[str, str]
    relevant: Ast
    required: Ast
    constraint: Ast
    calculate: Ast
    readonly: Ast
    count: Ast
    messages: Messages
    soft: list[SoftRule]
    default: str | Ast
    choices: str
    filter: Ast
    seed: Ast
    itemset: Itemset
    prefill: Prefill
    preload: str
    triggers: list[Trigger]
    children: list[NodeDefinition]


class _Declared(TypedDict):
    dataset: str
    path: str
    saves: dict[str, str]


class EntityDeclaration(_Declared, total=False):
    """What one container writes to an entity; `path` has no positions."""

    id: Ast
    create: Ast | bool
    update: Ast | bool
    label: Ast


class _Titled(TypedDict):
    form: str
    version: int | str
    title: dict[str, str]
    languages: list[str]
    default_language: str
    root: str
    nodes: list[NodeDefinition]
    choices: dict[str, list[dict[str, Any]]]


class Definition(_Titled, total=False):
    """A compiled form, as it is stored and sent to phones."""

    subject_dataset: str
    theme: dict[str, str]
    visit: bool
    new_subject: bool
    instances: dict[str, list[dict[str, str]]]
    reads: dict[str, list[str]]
    lists: dict[str, int]
    edition: int
    entities: list[EntityDeclaration]
    uses: list[str]
    media: list[str]
