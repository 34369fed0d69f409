"""Photos by likeness: a few seeks in four indexes, however many photos there are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, union_all
from sqlalchemy.orm import Session

from fieldsvc.store.run import FEED, columns, many, rows, table, write_all
from fieldsvc.store.tables import FingerprintRow

_BANDS, _BAND_BITS = 4, 16
#: Farther apart than this no band need agree, and nothing is promised.
MOST_BITS = 7
#: Of one band's neighbours so many are looked at. Only bands that tell nothing (a white wall's) hold more.
MOST_IN_BAND = 2000

_fingerprints = columns(FingerprintRow)
_INSERT = insert(table(FingerprintRow))
_NEAR = union_all(
    *(
        select(
            select(_fingerprints.sha256, _fingerprints.bits)
            .where(_fingerprints.feed_id == FEED, _fingerprints[f"band{band}"].in_(many(f"near{band}")))
            .limit(MOST_IN_BAND)
            .subquery()
        )
        for band in range(_BANDS)
    )
)


def add(session: Session, feed_id: str, sha256: str, fingerprint: int) -> None:
    """Keep a photo's fingerprint; keeping it again changes nothing."""
    if session.get(FingerprintRow, (feed_id, sha256)) is None:
        write_all(session, _INSERT, [row_of(feed_id, sha256, fingerprint)])


def row_of(feed_id: str, sha256: str, fingerprint: int) -> dict[str, Any]:
    """The row that keeps a fingerprint (an unsigned number of 64 bits)."""
    bands = {f"band{band}": value for band, value in enumerate(_bands(fingerprint))}
    return {"feed_id": feed_id, "sha256": sha256, "bits": _signed(fingerprint), **bands}


def of(session: Session, feed_id: str, sha256: str) -> int | None:
    """The fingerprint of a photo, or None for one that has none."""
    row = session.get(FingerprintRow, (feed_id, sha256))
    return None if row is None else row.bits % 2**64


def near(session: Session, feed_id: str, fingerprint: int, most_bits: int) -> list[tuple[str, int]]:
    """Photos whose fingerprints differ in at most so many bits (7 at most), with how many, nearest first."""
    near_by = rows(session, _NEAR, feed=feed_id, **_bands_near(fingerprint))
    found = {row.sha256: (row.bits % 2**64 ^ fingerprint).bit_count() for row in near_by}
    close = [(sha256, bits) for sha256, bits in found.items() if bits <= min(most_bits, MOST_BITS)]
    return sorted(close, key=lambda each: (each[1], each[0]))


def plan(session: Session, feed_id: str, fingerprint: int) -> str:
    """How the database would search, in its own words."""
    dialect = session.connection().dialect
    literal = _NEAR.params(feed=feed_id, **_bands_near(fingerprint)).compile(
        dialect=dialect, compile_kwargs={"literal_binds": True}
    )
    words = "EXPLAIN QUERY PLAN" if dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(row[-1]) for row in session.connection().exec_driver_sql(f"{words} {literal}"))


def _bands_near(fingerprint: int) -> dict[str, list[int]]:
    return {f"near{band}": _within_one_bit(value) for band, value in enumerate(_bands(fingerprint))}


def _bands(fingerprint: int) -> list[int]:
    return [fingerprint >> (_BAND_BITS * band) & 0xFFFF for band in range(_BANDS)]


def _within_one_bit(band: int) -> list[int]:
    return [band, *(band ^ (1 << bit) for bit in range(_BAND_BITS))]


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number
