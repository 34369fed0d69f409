"""A form with pictures, as a clerk uploads it: the workbook and the files its cells name."""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image, ImageDraw

from fieldsvc.xlsform.bundle import bundled
from tests.forms.forms import SETTINGS, Row, markdown

SUBJECT = {"type": "hidden", "name": "household", "bind::fs:prefill": "__id"}
ROOF = {"type": "select_one roofs", "name": "roof", "label": "屋顶是什么样的", "required": "yes"}
ROOFS = [
    {"list_name": "roofs", "name": "tile", "label": "瓦屋面", "media::image": "瓦.png"},
    {"list_name": "roofs", "name": "thatch", "label": "草顶或油毡，雨天会漏", "media::image": "thatch.jpg"},
    {"list_name": "roofs", "name": "other", "label": "说不清"},
]
NOTE = {"type": "note", "name": "look", "label": "站在院子里看", "media::image": "瓦.png"}


def drawing(colour: str = "peru", edge: int = 120, kind: str = "PNG") -> bytes:
    """A gable of this colour."""
    image = Image.new("RGB", (edge, edge), "white")
    ImageDraw.Draw(image).polygon([(edge // 2, edge // 8), (edge - 9, edge - 9), (9, edge - 9)], fill=colour)
    data = io.BytesIO()
    image.save(data, kind)
    return data.getvalue()


PICTURES: Mapping[str, bytes] = {"瓦.png": drawing(), "thatch.jpg": drawing("olive", kind="JPEG")}


def source(*rows: Row, version: str = "1") -> bytes:
    """The form alone, about a household."""
    settings = [{**SETTINGS, "version": version, "subject_dataset": "households"}]
    return markdown([SUBJECT, ROOF, NOTE, *rows], settings=settings, choices=ROOFS).encode()


def pictured(*rows: Row, pictures: Mapping[str, bytes] = PICTURES, version: str = "1") -> tuple[bytes, str]:
    """The form with its pictures as one file, and the name of that."""
    return bundled([("roofs.md", source(*rows, version=version)), *pictures.items()])
