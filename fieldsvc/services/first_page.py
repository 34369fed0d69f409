"""What a phone that holds nothing gets in the same breath as its session: its first page, and the form it opens first.

On a line of three seconds there and back each request saved is a tenth of what somebody waits for the first visit.
"""

from __future__ import annotations

from typing import Any

import orjson

from fieldsvc.services import catch_up, definition_bytes, phones
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context

#: The form that phones open first (`static/core/views.js`).
_FIRST_FORM = "visit"


def lines(ctx: Context, by: Actor, app: str | None) -> bytes:
    """A line `{page}`, what a sync with nothing to send and no cursor answers; for the visit, one as of Protocol 6.5.

    `app` is the phone's release, which a sync would have told.
    """
    phones.note_contact(ctx, by, app, None, None)
    page = {**catch_up.pull_page(ctx, by, None), "server_time": ctx.now_ms()}
    announced = [change for change in page.get("changes", ()) if _is_first_form(change)]
    wanted = [f"form/{change['form']}/{change['version']}" for change in announced]
    return orjson.dumps({"page": page}, option=orjson.OPT_APPEND_NEWLINE) + definition_bytes.lines(ctx, by, wanted)


def _is_first_form(change: dict[str, Any]) -> bool:
    return bool(change["kind"] == "form" and change["form"] == _FIRST_FORM)
