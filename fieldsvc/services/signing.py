"""Whether a form still says what it said when it was signed.

The phone's half is `static/parts/signature.js: signedText`. A fact for whoever reads the visit: what is written after a
signature may be right, the second one's words or a slip mended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest_of(answers: Mapping[str, Any]) -> str:
    """SHA-256 of the answers as text, without signatures and what is empty without them (protocol 7.10)."""
    text = json.dumps(_unsigned(answers) or {}, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _unsigned(value: Any) -> Any:
    """The value without signatures; None where nothing else is in it."""
    if isinstance(value, list):
        return [_unsigned(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    if "signed" in value:
        return None
    left = {name: (one, _unsigned(one)) for name, one in value.items()}
    return {name: rest for name, (one, rest) in left.items() if rest is not None or one is None} or None
