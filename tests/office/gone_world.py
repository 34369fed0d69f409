"""A county whose register says which households are gone, so that it has their ledger and closes them."""

from __future__ import annotations

from fieldsvc.services import published
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from tests.office.definitions import DATASETS
from tests.office.district import District
from tests.support.shipped import dataset

_NAMES = ("head_name", "hh_type", "gone_reason", "gone_on", "last_visit", "note")


def keeps_who_is_gone(ctx: Context, district: District) -> Actor:
    """Let the households of this county have what the ledger of those that are gone is made from; who did it."""
    console = district.actor(district.person("孙登记", "A91", role="administrator", area=district.county))
    shipped, known = dataset("households"), DATASETS[0]
    more = [{"name": name, **shipped["properties"][name]} for name in _NAMES]
    definition = {**known, "properties": [*known["properties"], *more], "choices": {}, "version": "gone"}
    published.publish_dataset(ctx, console, definition, digest="gone")
    return console
