"""Calls of named rules in expressions: `@age(${born}, today())` becomes what the rule means, arguments put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

#: Rules may use rules; deeper than this they go in a circle.
DEEPEST = 8
_CALL = re.compile(r"@([a-z]\w*)")
_PARAMETER = re.compile(r"(?<!\$)\{([a-z]\w*)\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a name stands for: an expression with `{parameters}`, and what it tells the person when it does not hold."""

    means: str
    parameters: tuple[str, ...]
    message: Mapping[str, str]


class UnknownRule(Exception):
    """An expression names a rule that is not there, gives it other arguments, or goes in a circle; says which."""


def only_call(text: str) -> str | None:
    """The rule's name when `text` is one call and nothing else."""
    call = _CALL.match(text)
    return call[1] if call and _end_of_call(text, call.end()) == len(text) else None


def expanded(text: str, rules: Mapping[str, Rule], depth: int = 0) -> str:
    """`text` with every call replaced by what its rule means, in brackets unless it stands alone.

    Raises `UnknownRule`.
    """
    if depth > DEEPEST:
        raise UnknownRule(text)
    out, at = "", 0
    for start, quoted in _outside_quotes(text):
        if start < at or quoted:
            continue
        call = _CALL.match(text, start)
        if call is None:
            continue
        end = _end_of_call(text, call.end())
        meaning = _meaning(call[1], _arguments(text[call.end() : end]), rules, depth)
        whole = start == 0 and end == len(text)
        out += text[at:start] + (meaning if whole else f"({meaning})")
        at = end
    return out + text[at:]


def _meaning(name: str, arguments: Sequence[str], rules: Mapping[str, Rule], depth: int) -> str:
    rule = rules.get(name)
    if rule is None or len(arguments) != len(rule.parameters):
        raise UnknownRule(f"@{name}")
    given = dict(zip(rule.parameters, (expanded(one, rules, depth + 1) for one in arguments), strict=True))
    meaning = _PARAMETER.sub(lambda found: _bracketed(given[found[1]]), rule.means)
    return expanded(meaning, rules, depth + 1)


def _bracketed(argument: str) -> str:
    simple = re.fullmatch(r"\$\{\w+\}|[\w.]+|'[^']*'|today\(\)", argument)
    return argument if simple else f"({argument})"


def _outside_quotes(text: str) -> Iterator[tuple[int, bool]]:
    """Every place in `text`, and whether it stands within quotes."""
    quote = ""
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
            yield at, True
        else:
            quote = letter if letter in "'\"" else ""
            yield at, False


def _end_of_call(text: str, at: int) -> int:
    """Where a call ends whose name ends at `at`: after its closing bracket, if it has arguments."""
    if text[at : at + 1] != "(":
        return at
    depth = 0
    for place, quoted in _outside_quotes(text[at:]):
        letter = "" if quoted else text[at + place]
        depth += (letter == "(") - (letter == ")")
        if letter == ")" and depth == 0:
            return at + place + 1
    raise UnknownRule(text)


def _arguments(brackets: str) -> list[str]:
    """The arguments in `(a, b)`."""
    inside = brackets[1:-1]
    parts, depth, begin = [], 0, 0
    for place, quoted in _outside_quotes(inside):
        letter = "" if quoted else inside[place]
        depth += (letter in "([" and letter != "") - (letter in ")]" and letter != "")
        if letter == "," and depth == 0:
            parts.append(inside[begin:place])
            begin = place + 1
    return [part.strip() for part in (*parts, inside[begin:]) if part.strip()]
