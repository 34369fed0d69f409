"""The app's icon: a house with a check mark, drawn here in every size a phone asks for."""

from __future__ import annotations

import functools
import io

from PIL import Image, ImageDraw

GREEN = (31, 92, 63)
PAPER = (250, 248, 240)
SIZES = (180, 192, 512)
#: Points of the drawing on a square of 100; Android may cut off everything outside the middle 80.
HOUSE = ((50, 24), (76, 46), (76, 74), (24, 74), (24, 46))
CHECK = ((38, 56), (47, 65), (63, 46))
#: Drawn larger and scaled down, which is all the smoothing it needs.
FINER = 4


@functools.cache
def png(size: int) -> bytes:
    """The icon as PNG, `size` pixels on each side."""
    edge = size * FINER
    image = Image.new("RGB", (edge, edge), GREEN)
    draw = ImageDraw.Draw(image)
    draw.polygon([_scaled(point, edge) for point in HOUSE], fill=PAPER)
    draw.line([_scaled(point, edge) for point in CHECK], fill=GREEN, width=edge * 6 // 100, joint="curve")
    small = image.resize((size, size), Image.Resampling.LANCZOS).quantize(16)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def svg() -> str:
    """The icon as SVG."""
    house = " ".join(f"{x},{y}" for x, y in HOUSE)
    check = " ".join(f"{x},{y}" for x, y in CHECK)
    green, paper = ("#{:02x}{:02x}{:02x}".format(*colour) for colour in (GREEN, PAPER))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="{green}"/>'
        f'<polygon points="{house}" fill="{paper}"/>'
        f'<polyline points="{check}" fill="none" stroke="{green}" stroke-width="6"/></svg>'
    )


def _scaled(point: tuple[int, int], edge: int) -> tuple[float, float]:
    return point[0] * edge / 100, point[1] * edge / 100
