"""Money as it is written in records, in yuan; added up and compared in whole fen."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def number(text: str | None) -> Decimal | None:
    """The number a text holds; nothing when it holds none."""
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def fen(text: str | None) -> int | None:
    """An amount of yuan in fen; nothing when it is no amount, or has a part of a fen."""
    value = number(text)
    if value is None or abs(value) > Decimal(10) ** 12:
        return None
    in_fen = value * 100
    return int(in_fen) if in_fen == in_fen.to_integral_value() else None


def yuan(amount: int) -> str:
    """Fen as people write them: 20000, 19999.50."""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}" + (f".{rest:02}" if rest else "")
