"""How a photo was taken, in the reader's words; and the stamp that a form may ask for.

The stamp is drawn over the picture by the page, and on what is printed of it. The photo's own bytes are the evidence
and stay as they came: a mark burned into them could not be told from one that somebody else burned in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldsvc.office import sketch
from fieldsvc.office.format import Format
from fieldsvc.office.words import Words
from fieldsvc.services import capture, signing

#: What a stamp may say; never who, and no number of a person.
STAMPS = ("time", "place", "number")


def lines(facts: Mapping[str, Any] | None, home: sketch.Position | None, t: Words, f: Format) -> list[str]:
    """When, how and where, each as far as the phone told it; nothing for a photo of an older app."""
    known = capture.stored(facts)
    said = []
    if known.moment is not None:
        said.append(t("capture.at", at=f.time(known.moment)))
    if known.source:
        said.append(t.known("capture.source", known.source))
    here = sketch.parse(known.position)
    if here is not None:
        said.append(here.text(f.metres))
        if home is not None:
            said.append(_from_home(here, home, t, f))
        if known.position_age:
            said.append(t("capture.age", n=known.position_age))
    return said


def signed(facts: Mapping[str, Any] | None, answers: Mapping[str, Any], t: Words) -> list[str]:
    """Whether the form still says what it said under this signature; nothing for what is no signature."""
    known = capture.stored(facts)
    if known.signed is None:
        return []
    return [t("signed.same" if known.signed == signing.digest_of(answers) else "signed.changed")]


def of_position(known: capture.Capture | None, t: Words, f: Format) -> str:
    """When and how a position was come by, and how old it was then; that nothing is known is said too."""
    if known is None:
        return t("fix.unknown")
    said = [t.known("fix.source", known.position_source or "device")]
    if known.moment is not None:
        said.append(t("fix.at", at=f.full_time(known.moment)[:16]))
    if known.position_age is not None:
        said.append(t("fix.age", n=known.position_age) if known.position_age else t("fix.fresh"))
    return " · ".join(said)


def stamp(asked: str, facts: Mapping[str, Any] | None, number: str, f: Format) -> str:
    """The line over the picture, of those parts that the form asks for and that are known."""
    known = capture.stored(facts)
    here = sketch.parse(known.position)
    parts = {
        "time": f.full_time(known.moment)[:16] if known.moment is not None else "",
        "place": here.text(f.metres) if here is not None else "",
        "number": number,
    }
    return "  ".join(parts[name] for name in STAMPS if name in asked.split() and parts[name])


def _from_home(here: sketch.Position, home: sketch.Position, t: Words, f: Format) -> str:
    apart, way = sketch.distance(home, here), sketch.direction(home, here)
    return t("capture.from-home", direction=t(f"direction.{way}"), metres=f.metres(apart))
