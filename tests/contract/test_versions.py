"""The versions of an entity follow each other without a gap, whoever writes them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldsvc.store import entities
from fieldsvc.store.entities import NewVersion, StaleVersion
from tests.contract.place import Place


def test_a_version_decided_from_an_overtaken_one_is_not_written(place: Place) -> None:
    """Two writers read version 1; the slower one must decide again, never overwrite what the faster one wrote."""
    home = place.household(phone="1")
    with place.ctx.db.read() as session:
        read = entities.load(session, place.feed_id, [home])[home]

    def next_version(phone: str) -> NewVersion:
        entity = replace(read.entity, version=2, properties={**read.entity.properties, "phone": phone})
        return NewVersion(replace(read, entity=entity), read.entity.version, ["phone"], "office", place.ctx.now_ms())

    with place.ctx.db.write() as session:
        entities.write_version(session, place.feed_id, next_version("2"), 0)
    with pytest.raises(StaleVersion), place.ctx.db.write() as session:
        entities.write_version(session, place.feed_id, next_version("3"), 0)

    version, properties = place.record(home)
    assert (version, properties["phone"]) == (2, "2")
    assert place.versions(home) == [1, 2]
