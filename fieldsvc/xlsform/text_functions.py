"""The functions on texts. The JavaScript twins are in `static/core/expr-functions.js` and `static/parts`."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldsvc.xlsform.problems import ExpressionError
from fieldsvc.xlsform.regexes import matches
from fieldsvc.xlsform.scope import Entry, Scope
from fieldsvc.xlsform.values import Value, flat, round_at, to_number, to_text, whole, words

MANY = 99
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def _texts(args: list[Value], at: Scope) -> list[str]:
    return [to_text(arg, at.offset) for arg in args]


def _two(body: Callable[[str, str], Value]) -> Entry:
    return Entry(2, 2, lambda args, at: body(*_texts(args, at)))


def _own(args: list[Value], at: Scope) -> str:
    """The text of the argument or, inside a predicate, of the node it tries."""
    if args:
        return to_text(args[0], at.offset)
    if not at.inside:
        raise ExpressionError("wrong-arguments")
    return to_text(at.node.val(), at.offset)


def _join(args: list[Value], at: Scope) -> Value:
    return to_text(args[0], at.offset).join(_texts(list(flat(args[1:])), at))


def _substr(args: list[Value], at: Scope) -> Value:
    places = [whole(to_number(arg, at.offset)) for arg in args[1:]]
    return to_text(args[0], at.offset)[places[0] : places[1] if len(places) > 1 else None]


def _translate(args: list[Value], at: Scope) -> Value:
    source, before, after = _texts(args, at)
    table: dict[str, str] = {}
    for index, letter in enumerate(before):
        table.setdefault(letter, after[index] if index < len(after) else "")
    return "".join(table.get(letter, letter) for letter in source)


_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def _digest(args: list[Value], at: Scope) -> Value:
    text, algorithm, encoding = [*_texts(args, at), "base64"][:3]
    if algorithm not in _ALGORITHMS or encoding not in ("base64", "hex"):
        raise ExpressionError("unknown-digest", f"{algorithm} {encoding}")
    made = hashlib.new(_ALGORITHMS[algorithm], text.encode(), usedforsecurity=False)
    return made.hexdigest() if encoding == "hex" else base64.b64encode(made.digest()).decode()


def _substring(args: list[Value], at: Scope) -> Value:
    """As XPath has it: letters are counted from 1, and their places rounded."""
    start = round_at(to_number(args[1], at.offset), 0)
    until = start + round_at(to_number(args[2], at.offset), 0) if len(args) > 2 else math.inf
    letters = enumerate(to_text(args[0], at.offset), 1)
    return "".join(letter for place, letter in letters if start <= place < until)


def _bytes(text: str) -> bytes | None:
    """The bytes that base64 stands for, or None."""
    letters = "".join(words(text))
    return base64.b64decode(letters) if _BASE64.fullmatch(letters) else None


def _decoded(args: list[Value], at: Scope) -> Value:
    found = _bytes(to_text(args[0], at.offset))
    return found.decode(errors="replace") if found is not None else ""


def _extract_signed(args: list[Value], at: Scope) -> Value:
    """The message behind a signature of 64 bytes, if this Ed25519 key made it; else blank."""
    signed, key = (_bytes(text) for text in _texts(args, at))
    if signed is None or key is None or len(key) != 32 or len(signed) < 64:
        return ""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signed[:64], signed[64:])
    except InvalidSignature:
        return ""
    return signed[64:].decode(errors="replace")


TEXTS: dict[str, Entry] = {
    "concat": Entry(0, MANY, lambda args, at: "".join(_texts(list(flat(args)), at))),
    "join": Entry(1, MANY, _join),
    "contains": _two(lambda a, b: b in a),
    "starts-with": _two(lambda a, b: a.startswith(b)),
    "ends-with": _two(lambda a, b: a.endswith(b)),
    "substring-before": _two(lambda a, b: a.partition(b)[0] if b and b in a else ""),
    "substring-after": _two(lambda a, b: (a.partition(b)[2] if b else a) if b in a else ""),
    "substr": Entry(2, 3, _substr),
    "string-length": Entry(0, 1, lambda args, at: float(len(_own(args, at)))),
    "normalize-space": Entry(0, 1, lambda args, at: " ".join(words(_own(args, at)))),
    "translate": Entry(3, 3, _translate),
    "regex": _two(matches),
    "digest": Entry(2, 3, _digest),
    "substring": Entry(2, 3, _substring),
    "base64-decode": Entry(1, 1, _decoded),
    "extract-signed": Entry(2, 2, _extract_signed),
}
