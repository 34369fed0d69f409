"""How many rows of a sheet are one transaction, by how long the last one held every phone that pushes.

The worker steps back where the processor is short, and holds the writer's turn the longer: a hundred rows are forty
milliseconds of a processor, and were most of a second of a busy machine's.
"""

from __future__ import annotations

from fieldsvc.services.imports.apply import BATCH

#: A transaction that held others longer is followed by a shorter one.
HOLD_MS = 100
#: Below this the fixed cost of a transaction is most of it.
FEWEST = 10


def rows_after(rows: int, took_ms: int) -> int:
    """The rows of the next transaction after one of so many that took so long."""
    if took_ms > HOLD_MS:
        return max(FEWEST, rows * HOLD_MS // took_ms)
    return min(BATCH, 2 * rows) if 2 * took_ms < HOLD_MS else rows
