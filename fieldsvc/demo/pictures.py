"""The pictures of the demo: houses before and after, rooms, pages of the booklet, drawn with Pillow.

They are drawn and not photographs, because a photograph shows somebody's house. They differ as those do, in
light, place and detail, so that lists and comparisons look as they will.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from fieldsvc.demo.words import SEED

SIZE = (1200, 900)
Colour = tuple[int, int, int]
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((126, 170, 214), (222, 232, 238)),
    ((168, 178, 188), (214, 216, 214)),
    ((98, 148, 206), (236, 222, 196)),
)
WALLS: dict[str, Colour] = {"mud": (176, 140, 98), "brick": (164, 92, 72), "white": (228, 224, 214)}
ROOFS: dict[str, Colour] = {"mud": (92, 86, 80), "brick": (86, 78, 76), "white": (138, 62, 52)}


@dataclass(frozen=True, slots=True)
class Picture:
    """One JPEG and what it shows: `outside`, `inside` or `booklet`; houses also say in which state."""

    name: str
    shows: str
    jpeg: bytes


def draw_all() -> list[Picture]:
    """The thirty pictures every earlier visit of the demo draws from, the same bytes on every run."""
    return [
        *(
            _picture(f"house-{wall}-{number}", "outside", partial(_house, wall=wall))
            for wall in WALLS
            for number in range(5)
        ),
        *(_picture(f"room-{number}", "inside", _room) for number in range(9)),
        *(_picture(f"booklet-{number}", "booklet", _booklet) for number in range(6)),
    ]


def _picture(name: str, shows: str, paint: Callable[[ImageDraw.ImageDraw, Random], None]) -> Picture:
    roll = Random(f"{SEED}/picture/{name}")
    image = Image.new("RGB", SIZE)
    paint(ImageDraw.Draw(image), roll)
    # A cheap lens: a little soft, never quite level.
    image = image.rotate(roll.uniform(-1.6, 1.6), Image.Resampling.BICUBIC, expand=False)
    image = image.crop((24, 24, SIZE[0] - 24, SIZE[1] - 24)).filter(ImageFilter.GaussianBlur(0.8))
    written = BytesIO()
    image.save(written, "JPEG", quality=72)
    return Picture(name, shows, written.getvalue())


def _blend(one: Colour, other: Colour, share: float) -> Colour:
    mixed = [round(a + (b - a) * share) for a, b in zip(one, other, strict=True)]
    return (mixed[0], mixed[1], mixed[2])


def _shade(colour: Colour, factor: float) -> Colour:
    return _blend((0, 0, 0), colour, factor) if factor <= 1 else _blend(colour, (255, 255, 255), factor - 1)


def _house(draw: ImageDraw.ImageDraw, roll: Random, wall: str) -> None:
    """A house in front of hills: `mud` before renovation, `brick` during, `white` after."""
    _landscape(draw, roll)
    width, storeys = roll.randint(560, 760), 1 if wall == "mud" else roll.choice((1, 2))
    left, ground = (SIZE[0] - width) // 2 + roll.randint(-90, 90), roll.randint(640, 690)
    height = 210 * storeys
    top = ground - height
    colour = _shade(WALLS[wall], roll.uniform(0.88, 1.08))
    draw.rectangle((left, top, left + width, ground), fill=colour)
    if wall == "brick":
        for row, y in enumerate(range(top, ground, 14)):
            draw.line((left, y, left + width, y), fill=_shade(colour, 1.16))
            for x in range(left + (row % 2) * 18, left + width, 36):
                draw.line((x, y, x, y + 14), fill=_shade(colour, 1.16))
    else:
        for _ in range(900):
            x, y = roll.randint(left, left + width), roll.randint(top, ground)
            draw.line((x, y, x + roll.randint(2, 14), y), fill=_shade(colour, roll.uniform(0.9, 1.06)))
    _roof(draw, roll, wall, (left, top, width))
    for storey in range(storeys):
        _openings(draw, roll, wall, (left, ground - 210 * storey, width), door=storey == 0)
    if wall == "mud":
        _cracks(draw, roll, (left, top, width, height))


def _landscape(draw: ImageDraw.ImageDraw, roll: Random) -> None:
    above, below = roll.choice(SKIES)
    for y in range(520):
        draw.line((0, y, SIZE[0], y), fill=_blend(above, below, y / 520))
    for ridge in range(3):
        base, green = 330 + ridge * 75, _blend((126, 150, 148), (70, 108, 62), ridge / 2)
        points = [(0, SIZE[1])]
        for x in range(0, SIZE[0] + 80, 80):
            points.append((x, base + roll.randint(-48, 30)))
        draw.polygon([*points, (SIZE[0], SIZE[1])], fill=green)
    yard = roll.choice(((170, 158, 138), (156, 142, 120), (186, 182, 174)))
    draw.polygon([(0, 660), (SIZE[0], 630), (SIZE[0], SIZE[1]), (0, SIZE[1])], fill=yard)
    for _ in range(700):
        x, y = roll.randint(0, SIZE[0]), roll.randint(650, SIZE[1])
        draw.ellipse((x, y, x + roll.randint(2, 9), y + 3), fill=_shade(yard, roll.uniform(0.86, 1.1)))


def _roof(draw: ImageDraw.ImageDraw, roll: Random, wall: str, place: tuple[int, int, int]) -> None:
    left, top, width = place
    rise, over = roll.randint(90, 130), 44
    colour = ROOFS[wall]
    sag = roll.randint(8, 26) if wall == "mud" else 0
    peak = [(left + 60, top - rise), (left + width // 2, top - rise + sag), (left + width - 60, top - rise)]
    draw.polygon([(left - over, top + 12), *peak, (left + width + over, top + 12)], fill=colour)
    for x in range(left - over, left + width + over, 18):
        share = (x - left + over) / (width + 2 * over)
        draw.line((x, top + 12, left + 60 + share * (width - 120), top - rise), fill=_shade(colour, 0.82), width=2)


def _openings(draw: ImageDraw.ImageDraw, roll: Random, wall: str, place: tuple[int, int, int], *, door: bool) -> None:
    left, ground, width = place
    frame: Colour = (94, 66, 44) if wall == "mud" else (206, 210, 212)
    for at in (0.2, 0.8) if door else (0.2, 0.5, 0.8):
        x, y = left + int(width * at), ground - 150
        draw.rectangle((x - 44, y, x + 44, y + 74), fill=(46, 56, 66), outline=frame, width=7)
        draw.line((x, y, x, y + 74), fill=frame, width=5)
    if door:
        x = left + width // 2
        draw.rectangle((x - 52, ground - 158, x + 52, ground), fill=(84, 48, 36), outline=frame, width=6)
        if roll.random() < 0.7:  # the couplets of the new year stay on the door posts until the next
            for side in (-74, 62):
                draw.rectangle((x + side, ground - 150, x + side + 13, ground - 14), fill=(186, 34, 34))


def _cracks(draw: ImageDraw.ImageDraw, roll: Random, place: tuple[int, int, int, int]) -> None:
    left, top, width, height = place
    for _ in range(roll.randint(2, 5)):
        x, y = left + roll.randint(20, width - 20), top
        while y < top + height * roll.uniform(0.4, 0.9):
            onward = (x + roll.randint(-14, 14), y + roll.randint(10, 26))
            draw.line((x, y, *onward), fill=(62, 44, 30), width=roll.randint(2, 5))
            x, y = onward


def _room(draw: ImageDraw.ImageDraw, roll: Random) -> None:
    """A room: back wall, floor, a bed or a table, a window, a lamp."""
    paint = roll.choice(((222, 214, 196), (206, 212, 204), (190, 176, 152)))
    draw.rectangle((0, 0, *SIZE), fill=_shade(paint, 0.86))
    draw.rectangle((190, 90, 1010, 600), fill=paint)
    floor = roll.choice(((132, 120, 108), (164, 150, 130), (112, 96, 82)))
    draw.polygon([(0, SIZE[1]), (190, 600), (1010, 600), SIZE], fill=floor)
    for share in range(1, 12):
        x = share / 12
        draw.line((190 + 820 * x, 600, SIZE[0] * x, SIZE[1]), fill=_shade(floor, 0.9), width=2)
    x = roll.choice((260, 720))
    draw.rectangle((x, 180, x + 200, 380), fill=(206, 226, 240), outline=(120, 92, 62), width=12)
    draw.line((x + 100, 180, x + 100, 380), fill=(120, 92, 62), width=8)
    cloth = roll.choice(((150, 54, 60), (58, 92, 138), (88, 122, 84)))
    at = 1010 - 470 if x < 500 else 150
    draw.polygon([(at, 560), (at + 380, 560), (at + 430, 760), (at - 40, 760)], fill=cloth)
    draw.rectangle((at - 40, 760, at + 430, 800), fill=_shade(cloth, 0.6))
    for stripe in range(roll.randint(3, 7)):
        draw.line((at + stripe * 60, 560, at - 30 + stripe * 68, 760), fill=_shade(cloth, 1.3), width=6)
    draw.line((600, 0, 600, 130), fill=(40, 40, 40), width=4)
    draw.ellipse((578, 126, 622, 176), fill=(255, 246, 206))
    if roll.random() < 0.6:  # the booklet hangs on the wall, where helpers look for it
        draw.rectangle((520, 300, 600, 410), fill=(178, 40, 44), outline=(120, 20, 24), width=4)


def _booklet(draw: ImageDraw.ImageDraw, roll: Random) -> None:
    """A filled-in page of the household's booklet: ruled lines, a table, handwriting nobody can read."""
    draw.rectangle((0, 0, *SIZE), fill=roll.choice(((96, 72, 52), (70, 84, 74), (126, 118, 108))))
    paper = (246, 242, 228)
    draw.polygon([(90, 60), (1110, 40), (1130, 850), (70, 860)], fill=paper)
    ink = roll.choice(((34, 42, 96), (30, 30, 34)))
    draw.rectangle((380, 92, 820, 122), fill=(150, 40, 44))
    for row in range(12):
        y = 168 + row * 54
        draw.line((120, y, 1080, y - 8), fill=(170, 160, 150), width=2)
        if row < 11:
            for start in (140, 360, 700):
                _handwriting(draw, roll, ink, (start, y + 14), roll.randint(2, 7 if start > 300 else 3))
    for x in (120, 340, 680, 1080):
        draw.line((x, 168, x + 4, 168 + 11 * 54), fill=(170, 160, 150), width=2)


def _handwriting(draw: ImageDraw.ImageDraw, roll: Random, ink: Colour, at: tuple[int, int], characters: int) -> None:
    for place in range(characters):
        x, y = at[0] + place * 36, at[1]
        for _ in range(roll.randint(4, 8)):
            start = (x + roll.randint(0, 26), y + roll.randint(0, 26))
            end = (start[0] + roll.randint(-14, 18), start[1] + roll.randint(-6, 16))
            draw.line((*start, *end), fill=ink, width=roll.randint(2, 4))
