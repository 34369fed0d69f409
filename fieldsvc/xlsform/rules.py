"""What is missing, wrong or doubtful about the answer of one node.

Hard rules keep a form from being finished on the phone; soft ones ask for a reason. The JavaScript twin is
`static/core/form-rules.js`.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from fieldsvc.xlsform.answers import well_formed
from fieldsvc.xlsform.definition import Texts
from fieldsvc.xlsform.evaluate import evaluate, ready_filter
from fieldsvc.xlsform.parse import Ast
from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.scope import scope_at
from fieldsvc.xlsform.tree import FormNode, attempt, spell
from fieldsvc.xlsform.values import Node, Value, scalar, to_boolean, to_text, words

Kind = Literal["required", "type", "choice", "constraint", "soft", "unknown", "calculate", "entity"]

WORDS: dict[str, dict[str, str]] = {
    "required": {"zh": "请填写", "en": "Please answer"},
    "type": {"zh": "格式不对，请重新填写", "en": "This is not written the right way"},
    "choice": {"zh": "这个选项现在不适用，请重选", "en": "This choice no longer fits, choose again"},
    "constraint": {"zh": "填写的内容不符合要求", "en": "This does not fit the rule"},
    "soft": {"zh": "请核对", "en": "Please check"},
    "unknown": {"zh": "表单中没有这一项", "en": "The form has no such question"},
    "calculate": {"zh": "计算结果与服务器不一致", "en": "The server computes another value"},
    "entity": {"zh": "档案变更与表单不符", "en": "The changes to records do not match the form"},
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of the form that the answers break. `ref` carries positions ("/data/needs[1]/text")."""

    ref: str
    level: Literal["hard", "soft"]
    kind: Kind
    message: dict[str, str]
    needs_reason: bool = False


def say(texts: Texts, node: FormNode) -> dict[str, str]:
    """`texts` with their values filled in, in every language."""
    return {language: spell(text, node) for language, text in texts.items()}


def _holds(ast: Ast | None, node: FormNode, otherwise: bool) -> bool:
    return otherwise if ast is None else attempt(ast, node, node.world, to_boolean, otherwise)


def findings(node: FormNode) -> list[Violation]:
    """The findings about a relevant node, the gravest first."""
    definition, answer = node.definition, node.answer()
    messages = definition.get("messages", {})
    found: list[Violation] = []

    def hard(kind: Kind, texts: Texts | None = None) -> None:
        found.append(Violation(node.ref(), "hard", kind, say(texts, node) if texts else WORDS[kind]))

    if answer is None or answer == "":
        if definition["kind"] == "question" and _holds(definition.get("required"), node, False):
            hard("required", messages.get("required"))
    elif not well_formed(answer, node.kind):
        if definition["kind"] == "question":
            hard("type")
    else:
        offered = _offers(node)
        if offered is not None and not set(words(str(answer))) <= offered:
            hard("choice")
        if not _holds(definition.get("constraint"), node, True):
            hard("constraint", messages.get("constraint"))
    for rule in definition.get("soft", []):
        if not _holds(rule["test"], node, True):
            message = say(rule["message"], node) or WORDS["soft"]
            found.append(Violation(node.ref(), "soft", "soft", message, rule["reason"]))
    return found


def _offers(node: FormNode) -> Set[str] | None:
    """The values that may be chosen; None where nothing is to choose, or the list is one this server does not hold."""
    definition, offset = node.definition, node.world.context.utc_offset
    choices, itemset = definition.get("choices"), definition.get("itemset")
    if choices is None and itemset is None:
        return None
    test = definition.get("filter")
    if itemset is None and test is None and (listed := node.world.listed(choices or "")) is not None:
        return listed
    at = scope_at(node.world, node)
    try:
        if itemset is not None:
            rows: Value = evaluate(itemset["nodes"], at)
        else:
            table = node.world.instance(choices or "")
            if table is None:
                return None
            root = table.kids("root")[0]
            rows = root.kids("item") if test is None else ready_filter(test)(root, root.kids("item"), at)
        column = itemset["value"] if itemset else "name"
        assert isinstance(rows, list)
        return {to_text(scalar(_cell(row, column)), offset) for row in rows}
    except ExpressionError:
        return set()


def _cell(row: Node, column: str) -> Value:
    return list(row.kids(column))
