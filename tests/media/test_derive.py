"""Pictures as phones send them, and worse ones."""

import io
import zlib

import pytest
from PIL import Image

from fieldsvc.media import Unreadable, screen_size, sniff, thumbnail


def picture(size=(1600, 1200), form="JPEG", mode="RGB", exif=None) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, form, **({"exif": exif} if exif else {}))
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_thumbnail_fits_its_square_and_its_budget():
    made = thumbnail(picture())
    assert (made.width, made.height) == (320, 240)
    assert len(made.data) <= 12_000


def test_a_picture_is_never_enlarged():
    assert screen_size(picture((200, 100))).width == 200


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright_for_every_exif_orientation(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    made = opened(thumbnail(picture((400, 200), exif=exif)).data)
    lying = orientation <= 4
    assert (made.width > made.height) == lying
    corner = made.getpixel((2, 2))
    red_first = orientation in (1, 4, 5, 6)
    assert (corner[0] > corner[2]) == red_first


def test_nothing_of_the_exif_survives_because_it_tells_where_a_family_lives():
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[1] = "N"
    assert not opened(screen_size(picture(exif=exif)).data).getexif()


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("JPEG", "CMYK"), ("PNG", "P"), ("GIF", "P")])
def test_odd_colour_modes_become_plain_pictures(form, mode):
    assert opened(thumbnail(picture(form=form, mode=mode)).data).mode == "RGB"


def test_sixteen_bit_scans_keep_their_greys():
    out = io.BytesIO()
    Image.new("I;16", (64, 64), 128 * 256).save(out, "PNG")
    assert 120 <= opened(thumbnail(out.getvalue()).data).getpixel((5, 5))[0] <= 136


def test_heic_from_a_phone_is_read():
    pytest.importorskip("pillow_heif")
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(out, "HEIF")
    assert sniff(out.getvalue()[:32]).type == "image/heic"
    assert thumbnail(out.getvalue()).width == 320


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"not a picture", picture()[:200]], ids=["empty", "head", "text", "cut"]
)
def test_what_is_no_picture_is_said_so(data):
    with pytest.raises(Unreadable):
        thumbnail(data)


def test_a_bomb_is_refused_by_its_header_alone():
    """A PNG of 40,000 × 40,000 pixels in a few hundred bytes: decoding it would take 4.8 GB."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    header = (40_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(Unreadable):
        screen_size(bomb)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
    ],
)
def test_a_file_is_known_by_its_first_bytes_not_its_name(head, kind):
    assert sniff(head).type == kind


def test_what_is_not_a_picture_is_nothing():
    assert sniff(b"<svg onload=alert(1)>") is None
