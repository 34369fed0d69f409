"""How well near-duplicates are told from different photos: `python -m bench.likeness`. The table of docs/evidence.md.

The photos are drawn: farm houses, walls, rooms, booklets, in the light and grain of a cheap phone, and on purpose
many bare white walls that differ only in what a camera adds. Each is altered the ways in which photos are reused, and
every pair of different ones is tried as well. Drawn pictures are no villages: read the figures as a comparison of
thresholds, and the false alarms as the number that matters.
"""

import io
import itertools
import sys
from collections.abc import Callable, Iterator
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from fieldsvc.media import likeness
from fieldsvc.media.derive import views

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 40
SIZE = (1200, 900)
Alter = Callable[[Image.Image, Random], Image.Image]


def grain(image: Image.Image, roll: Random, strength: float = 9) -> Image.Image:
    """What a small sensor adds: noise, softness, a slope of light."""
    noise = Image.effect_noise(image.size, strength)
    slope = Image.linear_gradient("L").resize(image.size).rotate(roll.choice((0, 90, 180, 270)))
    slope = slope.resize(image.size).point(lambda v: v // 5)
    lit = ImageChops.subtract(image, Image.merge("RGB", [slope] * 3))
    return ImageChops.add(lit, Image.merge("RGB", [noise] * 3), scale=1, offset=-118).filter(
        ImageFilter.GaussianBlur(0.7)
    )


def house(roll: Random) -> Image.Image:
    """A house before hills: place, size, roof, windows, door, yard and things lying about by chance."""
    image = Image.new("RGB", SIZE, (170 + roll.randrange(60), 190 + roll.randrange(50), 220))
    draw = ImageDraw.Draw(image)
    w, h = SIZE
    hills = [(0, h * 0.5)] + [(x, h * (0.25 + 0.25 * roll.random())) for x in range(0, w + 1, 150)] + [(w, h * 0.5)]
    draw.polygon([*hills, (w, h), (0, h)], fill=(60 + roll.randrange(60), 90 + roll.randrange(50), 60))
    draw.rectangle((0, h * 0.7, w, h), fill=(140 + roll.randrange(40), 120 + roll.randrange(30), 90))
    left, right = w * (0.05 + 0.2 * roll.random()), w * (0.7 + 0.25 * roll.random())
    top, bottom = h * (0.3 + 0.12 * roll.random()), h * (0.68 + 0.1 * roll.random())
    wall = roll.choice(((225, 222, 214), (168, 84, 62), (150, 128, 96)))
    draw.rectangle((left, top, right, bottom), fill=wall)
    roof = top - h * (0.06 + 0.12 * roll.random())
    draw.polygon([(left - 40, top), ((left + right) / 2, roof), (right + 40, top)], fill=(70, 66, 70))
    for n in range(roll.randrange(2, 6)):
        x = left + (right - left) * (0.08 + 0.85 * roll.random())
        y = top + (bottom - top) * (0.15 + 0.3 * roll.random())
        draw.rectangle((x, y, x + 60 + roll.randrange(60), y + 70 + roll.randrange(60)), fill=(50 + 20 * n, 60, 70))
    x = left + (right - left) * roll.random() * 0.8
    draw.rectangle((x, bottom - 240, x + 120, bottom), fill=(90, 50, 30))
    clutter(draw, roll, 25, (0, int(h * 0.6), w, h))
    return image


def clutter(draw: ImageDraw.ImageDraw, roll: Random, number: int, box: tuple[int, int, int, int]) -> None:
    """Firewood, tools, cracks, stains: small things somewhere in the box."""
    for _ in range(number):
        x, y = roll.randrange(box[0], box[2]), roll.randrange(box[1], box[3])
        wide, high = roll.randrange(8, 90), roll.randrange(6, 50)
        colour = tuple(roll.randrange(30, 200) for _ in range(3))
        shape = roll.choice((draw.rectangle, draw.ellipse))
        shape((x, y, x + wide, y + high), fill=colour)


def white_wall(roll: Random) -> Image.Image:
    """A newly painted wall with a window in the middle, as a thousand of them look; only stains tell them apart."""
    image = Image.new("RGB", SIZE, (228, 226, 220))
    draw = ImageDraw.Draw(image)
    w, h = SIZE
    draw.rectangle((0, h * 0.82, w, h), fill=(150, 140, 120))
    nudge = roll.randrange(-25, 25)
    draw.rectangle((w * 0.4 + nudge, h * 0.25, w * 0.62 + nudge, h * 0.55), fill=(80, 90, 105))
    draw.line((w * 0.51 + nudge, h * 0.25, w * 0.51 + nudge, h * 0.55), fill=(220, 220, 220), width=10)
    for _ in range(roll.randrange(3, 9)):
        x, y, r = roll.randrange(w), roll.randrange(int(h * 0.8)), roll.randrange(6, 40)
        tone = 190 + roll.randrange(30)
        draw.ellipse((x, y, x + r * 2, y + r), fill=(tone, tone, tone - 8))
    return image


def room(roll: Random) -> Image.Image:
    """A room: floor, back wall, bed, cupboard, pictures on the wall."""
    image = Image.new("RGB", SIZE, (205 + roll.randrange(30), 200, 185))
    draw = ImageDraw.Draw(image)
    w, h = SIZE
    horizon = h * (0.55 + 0.15 * roll.random())
    draw.rectangle((0, horizon, w, h), fill=(110 + roll.randrange(50), 95, 80))
    for _ in range(roll.randrange(3, 7)):
        x, wide, high = roll.randrange(w), roll.randrange(120, 380), roll.randrange(90, 330)
        colour = tuple(roll.randrange(40, 190) for _ in range(3))
        draw.rectangle((x, horizon - high * 0.6, x + wide, horizon + high * 0.5), fill=colour)
    clutter(draw, roll, 30, (0, int(h * 0.1), w, h))
    return image


def again(image: Image.Image, roll: Random) -> Image.Image:
    """The same subject photographed anew a month later: another spot, other light, other things about."""
    w, h = image.size
    x, y = int(w * (0.04 + 0.06 * roll.random())), int(h * (0.03 + 0.06 * roll.random()))
    anew = image.crop((x, y, w - roll.randrange(40), h - roll.randrange(60))).rotate(roll.uniform(-3, 3), expand=False)
    anew = ImageEnhance.Brightness(anew.resize((w, h))).enhance(0.8 + 0.4 * roll.random())
    clutter(ImageDraw.Draw(anew), roll, 25, (0, h // 2, w, h))
    return grain(anew, roll)


def jpeg(image: Image.Image, quality: int = 80) -> bytes:
    """The picture as a phone would send it."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def resaved(image: Image.Image, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(jpeg(image, quality))).convert("RGB")


def stamped(image: Image.Image, roll: Random) -> Image.Image:
    """A watermark camera's box of text in a corner, a tenth of the picture."""
    made = image.copy()
    draw = ImageDraw.Draw(made)
    h = made.height
    draw.rectangle((20, h - 190, 520, h - 20), fill=(20, 30, 60))
    for line in range(4):
        draw.text(
            (40, h - 180 + 40 * line),
            f"2026-{roll.randrange(1, 12):02} 29.{roll.randrange(9999)} N",
            "white",
            font_size=30,
        )
    return made


def cropped(share: float) -> Alter:
    def alter(image: Image.Image, _roll: Random) -> Image.Image:
        w, h = image.size
        return image.crop((int(w * share / 2), int(h * share / 2), int(w * (1 - share / 2)), int(h * (1 - share / 2))))

    return alter


ALTERED: dict[str, Alter] = {
    "compressed again, quality 30": lambda image, _: resaved(image, 30),
    "resized to 640": lambda image, _: image.resize((640, 480)),
    "sent through a chat: 900 pixels, quality 50": lambda image, _: resaved(image.resize((900, 675)), 50),
    "brighter by a quarter": lambda image, _: ImageEnhance.Brightness(image).enhance(1.25),
    "darker by a quarter": lambda image, _: ImageEnhance.Brightness(image).enhance(0.75),
    "less contrast": lambda image, _: ImageEnhance.Contrast(image).enhance(0.7),
    "stamped with time and place": stamped,
    "cropped by 2 %": cropped(0.02),
    "cropped by 5 %": cropped(0.05),
    "cropped by 10 %": cropped(0.10),
    "turned by 1°": lambda image, _: image.rotate(1, resample=Image.Resampling.BILINEAR, fillcolor=(90, 90, 90)),
    "turned by 3°": lambda image, _: image.rotate(3, resample=Image.Resampling.BILINEAR, fillcolor=(90, 90, 90)),
    "mirrored": lambda image, _: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}
DRAWN: dict[str, Callable[[Random], Image.Image]] = {"house": house, "white wall": white_wall, "room": room}

Known = tuple[int | None, bytes]


def known(image: Image.Image) -> Known:
    """What the server knows of a photo: its fingerprint and its thumbnail."""
    made = views(jpeg(image))
    return made.fingerprint, made.thumb.data


def told(one: Known, other: Known, bits: int, share: float) -> bool:
    """Whether the server would say that these two are nearly the same."""
    if one[0] is None or other[0] is None or (one[0] ^ other[0]).bit_count() > bits:
        return False
    return likeness(one[1], other[1]) >= share


def pairs(photos: dict[str, list[Known]]) -> Iterator[tuple[str, Known, Known]]:
    """Every two different photos, by what they show."""
    for kind, own in photos.items():
        yield from ((f"two of the kind: {kind}", one, other) for one, other in itertools.combinations(own, 2))
    for (_, own), (_, others) in itertools.combinations(photos.items(), 2):
        yield from (("two of different kinds", one, other) for one, other in itertools.product(own, others))


def main() -> None:
    """Draw, alter, compare, print."""
    from fieldsvc.config import Settings

    defaults = Settings(mode="test")
    bits, share = defaults.similar_bits, defaults.similar_percent / 100
    roll = Random(1)
    drawn = {kind: [grain(draw(roll), roll) for _ in range(NUMBER)] for kind, draw in DRAWN.items()}
    photos = {kind: [known(image) for image in images] for kind, images in drawn.items()}
    print(f"{NUMBER} photos of each kind, {bits} bits, {share:.0%} of the tiles")
    for name, alter in ALTERED.items():
        found = {
            kind: sum(
                told(before, known(alter(image, roll)), bits, share)
                for image, before in zip(images, photos[kind], strict=True)
            )
            for kind, images in drawn.items()
        }
        print(f"| {name} | " + " | ".join(f"{100 * found[kind] / NUMBER:.0f} %" for kind in drawn) + " |")
    wrong: dict[str, list[int]] = {}
    for kind, images in drawn.items():
        line = wrong.setdefault(f"the same {kind} photographed anew", [0, 0, 0])
        for image, before in zip(images, photos[kind], strict=True):
            count(line, before, known(again(image, roll)), bits, share)
    for name, one, other in pairs(photos):
        count(wrong.setdefault(name, [0, 0, 0]), one, other, bits, share)
    for name, (alarms, near, tried) in wrong.items():
        print(f"| {name} | {tried} | {near} | {alarms} |")


def count(line: list[int], one: Known, other: Known, bits: int, share: float) -> None:
    """Add a pair of different photos: a false alarm, near by its fingerprint alone, tried."""
    near = one[0] is not None and other[0] is not None and (one[0] ^ other[0]).bit_count() <= bits
    line[0] += told(one, other, bits, share)
    line[1] += near
    line[2] += 1


if __name__ == "__main__":
    main()
