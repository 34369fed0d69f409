"""How an answer becomes a value of expressions and back, and whether a text is of its question's type.

Answers are text, None (blanked) or absent; an attachment is a mapping. The JavaScript twin is
in `static/core/form-rules.js`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from fieldsvc.xlsform.dates import DateValue, from_days, parse_date, parse_time
from fieldsvc.xlsform.values import Scalar, Value, scalar, to_number, to_text

ATTACHMENTS = frozenset({"image", "signature", "audio", "video", "file"})
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?([0-9]{1,15}\.?[0-9]{0,15}|\.[0-9]{1,15})")
_POINT = re.compile(r"-?[0-9]{1,2}(\.[0-9]+)? -?[0-9]{1,3}(\.[0-9]+)?( -?[0-9]+(\.[0-9]+)?( [0-9]+(\.[0-9]+)?)?)?")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def from_answer(answer: Any, kind: str, offset: int) -> Scalar:
    """The value of an answer of type `kind`; blank when there is none."""
    if answer is None:
        return ""
    if isinstance(answer, Mapping):
        return str(answer.get("sha256", ""))
    text = str(answer)
    if kind in ("int", "decimal") and _DECIMAL.fullmatch(text):
        return float(text)
    if kind in ("date", "dateTime"):
        return parse_date(text, offset) or text
    return text


def to_answer(value: Value, kind: str, offset: int) -> str | None:
    """What a calculation leaves as an answer of type `kind`: None for a blank, or for a number that is none."""
    one = scalar(value)
    if one == "" or (isinstance(one, float) and math.isnan(one)):
        return None
    if kind in ("int", "decimal"):
        number = to_number(one, offset)
        if math.isnan(number):
            return None
        return to_text(float(math.trunc(number)) if kind == "int" and math.isfinite(number) else number, offset)
    if kind in ("date", "dateTime") and not isinstance(one, bool):
        if isinstance(one, float) and math.isfinite(one):
            one = from_days(one)
        date = one if isinstance(one, DateValue) else parse_date(to_text(one, offset), offset)
        if date is not None:
            one = DateValue(date.day, None if kind == "date" else date.ms or 0)
    return to_text(one, offset)


def well_formed(answer: Any, kind: str) -> bool:
    """Whether `answer` (not blank) is written as type `kind` demands."""
    if kind in ATTACHMENTS:
        return _attachment(answer)
    if not isinstance(answer, str):
        # A code that the phone could not read is photographed.
        return kind == "barcode" and _attachment(answer)
    match kind:
        case "int":
            return bool(_INTEGER.fullmatch(answer))
        case "decimal":
            return bool(_DECIMAL.fullmatch(answer))
        case "date":
            date = parse_date(answer, 0)
            return date is not None and date.ms is None
        case "dateTime":
            date = parse_date(answer, 0)
            return date is not None and date.ms is not None
        case "time":
            return parse_time(answer, 0) is not None
        case "geopoint":
            return bool(_POINT.fullmatch(answer))
    return True


def _attachment(answer: Any) -> bool:
    if not isinstance(answer, Mapping):
        return False
    digest, size = answer.get("sha256"), answer.get("bytes")
    named = isinstance(digest, str) and bool(_DIGEST.fullmatch(digest))
    return named and isinstance(size, int) and not isinstance(size, bool) and size > 0
