"""JavaScript as words and marks, each with the bracket it stands in. Enough to tell names apart, no more.

It reads our own modules: no labels, no `with`, no statement that begins with an object. A test runs every unit test
of the phone app on the result, so a construct it misreads cannot pass unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<name>[A-Za-z_$][\w$]*|\#[\w$]+)|(?P<number>\.?\d[\w.]*)"""
    r"""|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<mark>\.\.\.|=>|\?\.|[=!<>]=+|&&|\|\||\?\?|\+\+|--|.)""",
    re.DOTALL,
)
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[])+/[a-z]*")
#: What stands before a brace that opens statements; before all others it opens an object or a pattern.
_BEFORE_BLOCK = frozenset({"", ")", "=>", "else", "try", "finally", "do", "catch", ";", "}", "{"})
_BEFORE_REGEX_WORDS = frozenset({"", "return", "typeof", "case", "in", "of", "void", "delete", "throw"})


@dataclass(slots=True)
class Token:
    """One word or mark, and the bracket it stands in: `(`, `[`, `block`, `object`, `class` or `list` (of an import).

    A mark that opens one says which under `opens`, and `pair` leads to the mark that closes it, and back.
    """

    kind: str
    text: str
    inside: str
    pair: int = -1
    opens: str = ""


NONE = Token("", "", "")


def tokens(text: str) -> list[Token]:
    """The tokens of a module; joined, their texts are the module again. Templates are taken apart."""
    reader = _Reader(text)
    reader.read()
    return reader.tokens


@dataclass(slots=True)
class _Reader:
    text: str
    tokens: list[Token] = field(default_factory=list)
    last: Token = field(default_factory=lambda: NONE)
    open: list[tuple[str, int]] = field(default_factory=list)
    in_class: bool = False
    in_case: bool = False

    def read(self, at: int = 0, until: str = "") -> int:
        """Read on from `at`, up to the mark `until` that closes what was open at the start."""
        depth = len(self.open)
        while at < len(self.text):
            if self.text[at] == "`":
                at = self._template(at)
            elif self.text[at] == "/" and self._may_be_regex() and (found := _REGEX.match(self.text, at)):
                self._add("text", found[0])
                at = found.end()
            else:
                token = _TOKEN.match(self.text, at)
                assert token, self.text[at : at + 20]
                if token[0] == until and len(self.open) == depth:
                    return at
                self._take(str(token.lastgroup), token[0])
                at = token.end()
        return at

    def _may_be_regex(self) -> bool:
        if self.last.kind == "name":
            return self.last.text in _BEFORE_REGEX_WORDS
        return self.last.kind in ("mark", "open", "") and self.last.text not in (")", "]", "}")

    def _add(self, kind: str, word: str) -> None:
        token = Token(kind, word, self.open[-1][0] if self.open else "block")
        self.tokens.append(token)
        if kind != "space":
            self.last = token

    def _take(self, kind: str, word: str) -> None:
        if kind == "name" and self.last.text != ".":
            self.in_class = self.in_class or word == "class"
            self.in_case = self.in_case or (word in ("case", "default") and self.last.text != "export")
        if kind == "mark" and word in "([{":
            inside = self._brace() if word == "{" else word
            self._add(kind, word)
            self.tokens[-1].opens = inside
            self.open.append((inside, len(self.tokens) - 1))
        elif kind == "mark" and word in ")]}":
            _, start = self.open.pop()
            self._add(kind, word)
            self.tokens[start].pair, self.tokens[-1].pair = len(self.tokens) - 1, start
        elif word == ":" and self.in_case:
            self.in_case = False
            self._add("case", word)
        else:
            self._add(kind, word)

    def _brace(self) -> str:
        if self.in_class:
            self.in_class = False
            return "class"
        if self.last.text in ("import", "export"):
            return "list"
        return "block" if self.last.kind == "case" or self.last.text in _BEFORE_BLOCK else "object"

    def _template(self, at: int) -> int:
        start, at = at, at + 1
        while self.text[at] != "`":
            if self.text.startswith("${", at):
                self._add("text", self.text[start:at])
                self._add("open", "${")
                self.open.append(("(", len(self.tokens) - 1))
                start = self.read(at + 2, "}")
                self.open.pop()
                at = start + 1
            else:
                at += 2 if self.text[at] == "\\" else 1
        self._add("text", self.text[start : at + 1])
        return at + 1
