"""Pictures as phones send them, and worse ones."""

import io

import pytest
from PIL import Image

from fieldsvc.media import sniff, views


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
    made = views(picture()).thumb
    assert (made.width, made.height) == (320, 240)
    assert len(made.data) <= 12_000


def test_a_picture_is_never_enlarged():
    assert views(picture((200, 100))).screen.width == 200


def test_sixteen_bit_scans_keep_their_greys():
    out = io.BytesIO()
    Image.new("I;16", (64, 64), 128 * 256).save(out, "PNG")
    assert 120 <= opened(views(out.getvalue()).thumb.data).getpixel((5, 5))[0] <= 136


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"GIF89a", "image/gif"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
    ],
)
def test_a_file_is_known_by_its_first_bytes_not_its_name(head, kind):
    assert sniff(head).type == kind


def test_what_is_not_a_picture_is_nothing():
    assert sniff(b"<svg onload=alert(1)>") is None
