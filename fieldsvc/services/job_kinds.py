"""Which function does which kind of job."""

from __future__ import annotations

from fieldsvc.services import photos, scrutiny
from fieldsvc.services.imports import slices
from fieldsvc.services.jobs import Handler, Watched

HANDLERS: dict[str, Handler] = {
    "derive": photos.derive,
    "clock": scrutiny.look_at_clock,
    "import": Watched(slices.work, slices.give_up),
}
