"""Reads an expression of the ODK XForms dialect of XPath into a syntax tree.

The tree is JSON, because it travels to the phone inside the form definition:

    ["n", "1.5"]  ["s", "text"]  ["neg", a]  [operator, a, b]  ["f", name, argument, ...]
    ["p", start, [step, ...]]    start is "/" or "." or another tree
    step: [axis, name, predicate, ...] with axis "c" (child), ".." (parent) or "." (self)

What JavaRosa does not support is refused here as well (unions, `//`, other axes, node tests, variables), so that a form
which compiles also runs in the other clients.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from fieldsvc.xlsform.problems import ExpressionError

Ast = list[Any]

LONGEST = 10_000
DEEPEST = 60

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
      (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    | (?P<string>"[^"]*"|'[^']*')
    | (?P<symbol>::|//|\.\.|!=|<=|>=|[()\[\].,@/|+\-=<>*$])
    | (?P<name>[^\W\d][\w.\-]*(?::(?!:)(?:[^\W\d][\w.\-]*|\*))?)
    )""",
    re.VERBOSE,
)
_LEVELS: list[dict[str, str]] = [
    {"or": "or"},
    {"and": "and"},
    {"=": "=", "!=": "!="},
    {"<": "<", "<=": "<=", ">": ">", ">=": ">="},
    {"+": "+", "-": "-"},
    {"*": "*", "div": "div", "mod": "mod"},
]
_WORD_OPERATORS = re.compile(r"or|and|div|mod")
#: Other names of the same function, as JavaRosa has them.
_ALIASES = {"is-selected": "selected", "enclosed-area": "area"}


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse(source: str) -> Ast:
    """The syntax tree of `source`. Raises `ExpressionError` with the place where reading stopped."""
    if len(source) > LONGEST:
        raise ExpressionError("expression-too-deep", str(len(source)))
    return _Parser(_tokens(source)).whole()


def _tokens(source: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    end = len(source.rstrip(" \t\r\n"))
    while at < end:
        found = _TOKEN.match(source, at)
        if not found or found.end() == at:
            raise ExpressionError("expression-syntax", source[at : at + 20], at)
        kind = found.lastgroup or ""
        text = found[kind]
        begin = found.start(kind)
        if _ends_operand(tokens):
            # Nothing but an operator can follow an operand, so `1 div2` is a division, as in JavaRosa.
            word = "*" if text == "*" else _WORD_OPERATORS.match(text)
            if word and kind in ("name", "symbol"):
                kind, text = "operator", word if isinstance(word, str) else word[0]
        tokens.append(_Token(kind, text, begin))
        at = begin + len(text)
    tokens.append(_Token("end", "", end))
    return tokens


def _ends_operand(tokens: list[_Token]) -> bool:
    """XPath 1.0 §3.7: after an operand `*`, `and`, `or`, `div` and `mod` are operators, elsewhere they are names."""
    if not tokens:
        return False
    last = tokens[-1]
    if last.kind in ("number", "string", "name"):
        return True
    return last.kind == "symbol" and last.text in (")", "]", ".", "..", "*")


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0

    def whole(self) -> Ast:
        tree = self.binary(0)
        if self.peek.kind != "end":
            raise self.wrong()
        return tree

    @property
    def peek(self) -> _Token:
        return self.tokens[self.index]

    def take(self, *texts: str) -> bool:
        if self.peek.kind in ("symbol", "operator") and self.peek.text in texts:
            self.index += 1
            return True
        return False

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.wrong()

    def wrong(self) -> ExpressionError:
        token = self.peek
        # Where it went wrong, in no language: the reader's own stands around it.
        return ExpressionError("expression-syntax", token.text or "…", token.at)

    def unsupported(self, what: str) -> ExpressionError:
        return ExpressionError("expression-unsupported", what, self.peek.at)

    def binary(self, level: int) -> Ast:
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.peek.text in _LEVELS[level] and self.peek.kind in ("symbol", "operator"):
            operator = _LEVELS[level][self.peek.text]
            self.index += 1
            left = [operator, left, self.binary(level + 1)]
        return left

    def unary(self) -> Ast:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError("expression-too-deep", "", self.peek.at)
        tree: Ast = ["neg", self.unary()] if self.take("-") else self.path()
        self.depth -= 1
        if self.peek.text == "|" and self.peek.kind == "symbol":
            raise self.unsupported("|")
        return tree

    def path(self) -> Ast:
        token = self.peek
        if token.kind == "symbol" and token.text in ("//", "@", "$"):
            raise self.unsupported(token.text)
        if self.take("/"):
            return ["p", "/", self.steps([self.step()])] if self.starts_step() else ["p", "/", []]
        if self.starts_step() and not self.is_call():
            return ["p", ".", self.simple(self.steps([self.step()]))]
        primary = self.primary()
        if self.peek.kind == "symbol" and self.peek.text in ("[", "/", "//"):
            if primary[0] != "f":
                raise self.unsupported("a filter on an expression in brackets")
            if not self.take("/"):
                raise self.unsupported(self.peek.text)
            return ["p", primary, self.steps([self.step()])]
        return primary

    def simple(self, steps: list[Ast]) -> list[Ast]:
        """A path that starts with `.` needs no step for it."""
        return steps[1:] if steps[0] == [".", ""] else steps

    def starts_step(self) -> bool:
        token = self.peek
        return token.kind == "name" or (token.kind == "symbol" and token.text in (".", "..", "*", "@"))

    def is_call(self) -> bool:
        following = self.tokens[self.index + 1]
        return self.peek.kind == "name" and following.kind == "symbol" and following.text == "("

    def steps(self, found: list[Ast]) -> list[Ast]:
        while True:
            if self.peek.kind == "symbol" and self.peek.text == "//":
                raise self.unsupported("//")
            if not self.take("/"):
                return found
            found.append(self.step())

    def step(self) -> Ast:
        if self.take("."):
            return [".", ""]
        if self.take(".."):
            return ["..", ""]
        token = self.peek
        if token.kind != "name" and token.text != "*":
            raise self.unsupported("@") if token.text == "@" else self.wrong()
        if self.is_call():
            raise self.unsupported(f"{token.text}()")
        if token.text.endswith(":*"):
            raise self.unsupported(token.text)
        self.index += 1
        if self.peek.text == "::":
            raise self.unsupported(f"{token.text}::")
        step: Ast = ["c", token.text]
        while self.take("["):
            step.append(self.binary(0))
            self.need("]")
        return step

    def primary(self) -> Ast:
        token = self.peek
        if token.kind == "number":
            self.index += 1
            return ["n", token.text]
        if token.kind == "string":
            self.index += 1
            return ["s", token.text[1:-1]]
        if self.take("("):
            tree = self.binary(0)
            self.need(")")
            return tree
        if token.kind == "name" and self.is_call():
            self.index += 2
            return ["f", _ALIASES.get(token.text, token.text), *self.arguments()]
        raise self.wrong()

    def arguments(self) -> list[Ast]:
        found: list[Ast] = []
        if self.take(")"):
            return found
        while True:
            found.append(self.binary(0))
            if self.take(")"):
                return found
            self.need(",")
