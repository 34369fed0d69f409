"""Shorter names inside a module, without understanding its scopes.

If every place where a module says a variable `household` says `a` instead, and `a` is said nowhere else in it, the
module means the same: who shadows whom does not change. So it is enough to tell variables from property names, and to
leave alone what is seen from outside (imports, exports, globals) or cannot be told. Variables that never meet share
their short names (`regions.py`): the fewer different letters, the better it packs. A twelfth of the app's bytes.
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Callable, Iterator, Mapping, Sequence

from fieldsvc.web.regions import apart
from fieldsvc.web.tokens import NONE, Token, tokens


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEYWORDS = _words(
    "arguments as async await break case catch class const constructor continue default delete do else export extends "
    "false finally for from function get if import in instanceof let new null of return set static super switch this "
    "throw true try typeof undefined var void while with yield"
)
#: Globals whose names a variable may well have too. In one module the two could not be told apart, so neither changes.
_GLOBALS = _words(
    "alert blur caches close closed confirm console crypto document event external fetch find focus frames globalThis "
    "history indexedDB isSecureContext length localStorage location name navigator open opener origin parent "
    "performance print prompt screen scroll scrollX scrollY self status stop structuredClone top window"
)
_DECLARE = frozenset({"const", "let", "var", "function", "class"})
_NOT_FUNCTIONS = frozenset({"if", "for", "while", "switch", "await"})
_BEFORE_BOUND = frozenset({"(", "[", "{", ",", "...", ":"})
_AFTER_BOUND = frozenset({",", ")", "]", "}", "="})

_Places = dict[str, list[tuple[Token, str]]]


def shorter(text: str) -> str:
    """The module with its own variables under one- and two-letter names."""
    everything = tokens(text)
    words = [token for token in everything if token.kind != "space"]
    said = {token.text for token in words if token.kind == "name"}
    uses, fixed = _uses(words)
    own = (_declared(words) | _bound(everything, words)) - fixed - _KEYWORDS - _GLOBALS
    variables = {id(token) for each in uses.values() for token, _ in each}
    chosen = _choose({name: uses[name] for name in own if name in uses}, said, apart(everything, words, variables))
    for name, new in chosen.items():
        for token, use in uses[name]:
            token.text = f"{name}:{new}" if use == "shorthand" else new
    _tidy(words)
    return "".join(token.text for token in everything)


def _tidy(words: Sequence[Token]) -> None:
    """Leave out marks that say nothing before a closing one; `let` for `const`, which is shorter and as good here."""
    for token, after in itertools.pairwise(words):
        closing = after.kind == "mark" and after.text
        if token.kind == "mark" and (
            (token.text == ";" and closing == "}") or (token.text == "," and closing in (")", "]", "}"))
        ):
            token.text = ""
        elif token.kind == "name" and token.text == "const":
            token.text = "let"


def _uses(words: Sequence[Token]) -> tuple[_Places, set[str]]:
    """Where each variable is said and how, and the names that must stay because others see them."""
    uses: _Places = {}
    fixed: set[str] = set()
    for place, token in enumerate(words):
        if token.kind != "name":
            continue
        use = _use(token, *_around(words, place))
        if use == "fixed" or _is_exported(words, place):
            fixed.add(token.text)
        elif use:
            uses.setdefault(token.text, []).append((token, use))
    return uses, fixed


def _around(words: Sequence[Token], place: int) -> tuple[Token, Token, Token]:
    """The word before the last one, the last one, and the next one."""
    earlier = words[place - 2] if place > 1 else NONE
    before = words[place - 1] if place else NONE
    return earlier, before, words[place + 1] if place + 1 < len(words) else NONE


def _use(token: Token, earlier: Token, before: Token, after: Token) -> str:
    """How a name is used: `variable`, `shorthand` of an object, `fixed`, or nothing where it names a property."""
    if token.text in _KEYWORDS or token.text.startswith("#") or before.text in (".", "?."):
        return ""
    if token.inside == "list":
        return "fixed"
    first = before.text in ("{", ",")
    if token.inside == "object":
        modified = before.text in ("async", "get", "set", "*") and earlier.text in ("{", ",")
        if (first and after.text in (":", "(")) or (modified and after.text == "("):
            return ""
        if first and after.text in (",", "}", "="):
            return "shorthand"
    if token.inside == "class":
        return "fixed"
    return "variable"


def _is_exported(words: Sequence[Token], place: int) -> bool:
    """Whether this word is the name in `export const …`, `export function …` or `export async function …`."""
    if place < 2 or words[place - 1].text not in _DECLARE:
        return False
    return "export" in (words[place - 2].text, words[place - 3].text if words[place - 2].text == "async" else "")


def _declared(words: Sequence[Token]) -> set[str]:
    """Names that follow a word of declaration, and single parameters of arrow functions."""
    pairs = itertools.pairwise(words)
    return {
        name
        for before, after in pairs
        for name in ([after.text] if before.text in _DECLARE else [before.text] if after.text == "=>" else [])
    }


def _bound(everything: Sequence[Token], words: Sequence[Token]) -> set[str]:
    """Names bound by parameter lists and by taking values apart."""
    places = {id(token): place for place, token in enumerate(words)}
    bound: set[str] = set()
    for place, token in enumerate(words):
        if token.kind != "mark" or token.text not in ("(", "{", "[") or token.pair < 0:
            continue
        end = places[id(everything[token.pair])]
        before = words[place - 1].text if place else ""
        after = words[end + 1].text if end + 1 < len(words) else ""
        if token.text == "(":
            binds = after == "=>" or (after == "{" and before not in _NOT_FUNCTIONS)
        else:
            binds = before in ("const", "let", "var")
        if binds:
            bound |= _pattern(words[place : end + 1])
    return bound


def _pattern(words: Sequence[Token]) -> set[str]:
    """Names at the places of a pattern where something is bound. Capitals are left: a default may be `Infinity`."""
    return {
        token.text
        for before, token, after in zip(words, words[1:], words[2:], strict=False)
        if token.kind == "name"
        and before.text in _BEFORE_BOUND
        and after.text in _AFTER_BOUND
        and not token.text[0].isupper()
    }


def _choose(
    uses: Mapping[str, Sequence[tuple[Token, str]]], said: set[str], apart: Callable[[str, str], bool]
) -> dict[str, str]:
    """New names for the variables that gain by it, the shortest for the most used; the same ones on every machine."""
    gains = {name: sum(len(name) - 1 if use == "variable" else -2 for _, use in uses[name]) for name in uses}
    new: dict[str, str] = {}
    for name in sorted(uses, key=lambda each: (-len(uses[each]), each)):
        if gains[name] > 0 and len(name) > 1:
            taken = said | _KEYWORDS | {new[other] for other in new if apart(name, other)}
            new[name] = next(short for short in _names() if short not in taken)
    return new


def _names() -> Iterator[str]:
    """a, b, …, Z, aa, ab, …"""
    for length in itertools.count(1):
        for letters in itertools.product(string.ascii_letters, repeat=length):
            yield "".join(letters)
