"""The slots of a county, read from where they stand: the shipped table, and the county's own file over it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fieldsvc.series.read import SlotProblem, Slots, read

_SHIPPED = Path(__file__).parents[1] / "forms" / "slots.toml"


@lru_cache(maxsize=4)
def shelf(file: str) -> Slots:
    """The slots by name; without a file the shipped ones. Read once by each process. Raises `SlotProblem`."""
    try:
        return read(_SHIPPED.read_text(encoding="utf-8"), Path(file).read_text(encoding="utf-8") if file else "")
    except (OSError, UnicodeDecodeError) as trouble:
        raise SlotProblem(f"The file cannot be read: {trouble}") from None
    except SlotProblem as problem:
        raise SlotProblem(f"{file}: {problem}") from None
