"""What a phone sends while somebody sits at a desk."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fieldsvc.services import intake
from fieldsvc.services.context import Context
from fieldsvc.store import people
from tests.office.district import District


def sends(district: District, ctx: Context, body: Mapping[str, Any]) -> str:
    """李 sends an operation from her phone, through the real intake; its id."""
    operation = ctx.new_id()
    head = {"id": operation, "schema": 1, "author": district.li, "created_at": ctx.now_ms()}
    with ctx.db.read() as session:
        device = people.devices_of(session, district.li)[0].id
    by = replace(district.actor(district.li), device_id=device)
    [receipt] = intake.accept(ctx, by, [(operation, json.dumps({**head, **body}))])
    assert receipt.status == "applied"
    return operation
