"""What may stand in the columns and settings that only this project has. A word nobody knows would be passed over in
silence: a photo without its stamp, a visit that covers no household."""

from __future__ import annotations

import re

from fieldsvc.xlsform.spelling import nearest

#: How a sheet says yes and no.
YES = ("yes", "true", "true()")
NO = ("no", "false", "false()")
#: What may be said over a photo (`camera.js`, `_photo.html`); nobody's name or number can be asked for.
_STAMP = ("time", "place", "number")
#: The settings that say yes or no of a whole form.
SETTINGS = ("visit", "new_subject")
_YES_NO = ("position", "soft-reason", *SETTINGS)
_NUMBERS = {"max-kb": "300", "max-mb": "20"}
#: Our columns after `bind::fs:`, those of further soft rules without their number.
BASES = (
    *("soft", "soft-zh", "soft-en", "soft-reason", "prefill", "slot", "ghost", "position", "stamp", "over", "target"),
    *("accept", *_NUMBERS),
)


def unknown_word(column: str, value: str) -> str | None:
    """What `column` does not know in `value`, with what may stand there instead; None where all is known."""
    base = column.rstrip("0123456789")
    if base in _YES_NO:
        known = value.strip().lower() in (*YES, *NO)
        return None if known else f"{value}; yes, no"
    if base in _NUMBERS:
        return None if re.fullmatch(r"(?!0*\.?0*$)\d*\.?\d+", value.strip()) else f"{value}; {_NUMBERS[base]}"
    if base == "stamp":
        strange = [word for word in value.split() if word not in _STAMP]
        return f"{nearest(strange[0], _STAMP)}; {', '.join(_STAMP)}" if strange else None
    return None
