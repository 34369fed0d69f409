"""Near photos are found by a few seeks, on both databases, and none within seven bits is missed."""

from __future__ import annotations

from random import Random
from typing import Any

from sqlalchemy import insert, text

from fieldsvc.store import fingerprints
from fieldsvc.store.run import table
from fieldsvc.store.tables import FingerprintRow
from tests.contract.place import Place


def flipped(bits: int, number: int, roll: Random) -> int:
    for place in roll.sample(range(64), number):
        bits ^= 1 << place
    return bits


def test_every_fingerprint_within_seven_bits_is_found_and_none_beyond(place: Place) -> None:
    roll = Random(7)
    asked = [roll.getrandbits(64) for _ in range(20)]
    with place.ctx.db.write() as session:
        for number, bits in enumerate(asked):
            for apart in range(12):
                fingerprints.add(session, "feed", f"{number}-{apart}", flipped(bits, apart, roll))
        for number in range(500):
            fingerprints.add(session, "feed", f"other-{number}", roll.getrandbits(64))
        fingerprints.add(session, "feed", "0-0", 0)
    with place.ctx.db.read() as session:
        for number, bits in enumerate(asked):
            found = fingerprints.near(session, "feed", bits, 7)
            assert found == [(f"{number}-{apart}", apart) for apart in range(8)]
            assert [apart for _, apart in fingerprints.near(session, "feed", bits, 3)] == [0, 1, 2, 3]
        assert fingerprints.near(session, "elsewhere", asked[0], 7) == []
        assert fingerprints.of(session, "feed", "0-0") == asked[0]
        assert fingerprints.of(session, "feed", "none") is None


def test_the_search_reads_indexes_only(place: Place) -> None:
    roll = Random(1)
    rows: list[dict[str, Any]] = [
        fingerprints.row_of("feed", str(number), roll.getrandbits(64)) for number in range(20_000)
    ]
    with place.ctx.db.write() as session:
        session.execute(insert(table(FingerprintRow)), rows)
    with place.ctx.db.write() as session:
        session.execute(text("ANALYZE"))
    with place.ctx.db.read() as session:
        plan = fingerprints.plan(session, "feed", roll.getrandbits(64))
    for band in range(4):
        assert f"ix_fingerprints_band{band}" in plan
    assert "SCAN fingerprints" not in plan
    assert "Seq Scan" not in plan
