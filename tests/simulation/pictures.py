"""What the phones' cameras see: pictures like no other, which each phone makes its own (`phones/pictures.js`)."""

from __future__ import annotations

import base64
import io
import random
from functools import cache

from PIL import Image

#: Enough that photos of one run are seldom of the same view: what looks alike is compared with all that does.
VIEWS = 100


@cache
def drawn(edge: int) -> list[str]:
    """An album of small JPEGs as base64."""
    dice = random.Random(edge)
    return [_view(edge, dice) for _ in range(VIEWS)]


def _view(edge: int, dice: random.Random) -> str:
    picture = Image.frombytes("L", (8, 8), dice.randbytes(64)).resize((edge, edge))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=40)
    return base64.b64encode(file.getvalue()).decode()
