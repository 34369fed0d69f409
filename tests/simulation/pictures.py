"""What the phones' cameras see: one picture, which each phone makes its own (`phones/pictures.js`)."""

from __future__ import annotations

import base64
import io

from PIL import Image


def drawn(edge: int) -> str:
    """A small JPEG as base64."""
    picture = Image.linear_gradient("L").resize((edge, edge))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=40)
    return base64.b64encode(file.getvalue()).decode()
