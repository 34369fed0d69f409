"""Codes in photos as they come from a yard: turned, small, several, none; and files that mean harm."""

from __future__ import annotations

import io

import pytest
import segno
from PIL import Image

from fieldsvc import media
from fieldsvc.media.codes import LONGEST, MOST, codes


def code(text: str, scale: int = 6) -> Image.Image:
    data = io.BytesIO()
    segno.make(text, micro=False).save(data, kind="png", scale=scale, border=4)
    return Image.open(data).convert("RGB")


def photo(*pasted: tuple[Image.Image, tuple[int, int]], size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A grey wall with these labels on it, as a phone compresses it."""
    wall = Image.new("RGB", size, (120, 116, 108))
    for label, at in pasted:
        wall.paste(label, at)
    data = io.BytesIO()
    wall.save(data, "JPEG", quality=60)
    return data.getvalue()


def test_a_code_is_read_in_a_process_of_its_own() -> None:
    assert media.codes(photo((code("表箱 SB-0412"), (700, 500)))) == ["表箱 SB-0412"]


@pytest.mark.parametrize("degrees", [90, 180, 17])
def test_a_code_is_read_however_the_phone_was_held(degrees: int) -> None:
    turned = code("SB-0412").rotate(degrees, expand=True, fillcolor="white")
    assert codes(photo((turned, (300, 300)))) == ["SB-0412"]


def test_several_codes_are_told_from_the_top_each_once_and_not_too_many() -> None:
    wall = [(code(str(number % 5)), (100 + 250 * (number % 2), 80 + 180 * number)) for number in range(6)]
    assert codes(photo(*reversed(wall))) == ["0", "1", "2"]
    assert len(wall) > MOST


def test_a_code_is_one_line_of_letters_whatever_it_holds() -> None:
    assert codes(photo((code("a\r\nb\x1b[31m‮c"), (90, 90)))) == ["a b [31m c"]
    assert len(codes(photo((code("x" * 400, 4), (90, 90))))[0]) == LONGEST


def test_a_photo_without_a_code_says_nothing() -> None:
    assert codes(photo()) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", photo((code("cut"), (0, 0)))[:900], b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 30],
    ids=["empty", "text", "cut off", "a canvas of gigabytes"],
)
def test_bytes_that_are_no_whole_picture_say_nothing(data: bytes) -> None:
    assert codes(data) == []


def test_a_picture_larger_than_memory_is_not_opened() -> None:
    data = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(data, "PNG")
    assert codes(data.getvalue()) == []
