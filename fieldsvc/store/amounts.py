"""Amounts that properties hold as text, as numbers to add up."""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, Numeric, case, cast, func

_NUMBER = r"^-?[0-9]{1,12}([.][0-9]+)?$"


def hundredths(text: ColumnElement[str]) -> ColumnElement[int]:
    """An amount as a whole number of hundredths, so that fen stay exact; what is no number is nothing."""
    amount = cast(func.round(cast(text, Numeric(18, 4)) * 100), BigInteger)
    return case((text.regexp_match(_NUMBER), amount), else_=0)
