"""Every file of the corpus is handled as its table says, within 512 MB of memory, in one process."""

import io

import pytest
from PIL import Image

from fieldsvc.media import PICTURES, Unreadable, sniff, strip, views
from fieldsvc.media.apart import MEMORY_BYTES
from tests.media.corpus import Case, cases, encoded, exif, with_segment

CASES = list(cases())


def test_the_corpus_is_worth_its_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
    assert MEMORY_BYTES == 512 * 1024 * 1024


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_shown_or_the_reason_is_said(case: Case) -> None:
    data = case.make()
    if isinstance(case.shown, str):
        with pytest.raises(Unreadable) as refused:
            views(data)
        assert refused.value.reason == case.shown
        return
    kind, made = sniff(data[:32]), views(data)
    assert kind is not None
    assert kind.type in PICTURES, "and it is served as the picture it is"
    assert (made.width, made.height) == case.shown
    longest = max(case.shown)
    for derived, edge in ((made.thumb, 320), (made.screen, 1024)):
        picture = Image.open(io.BytesIO(derived.data))
        assert max(picture.size) == min(edge, longest)
        assert (picture.mode, picture.format, picture.size) == ("RGB", "JPEG", (derived.width, derived.height))
        assert not picture.getexif()
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(picture.info)
        assert strip(derived.data) == derived.data, "nothing is left that could be taken away"


def test_the_half_that_was_red_is_red_wherever_the_camera_was_held() -> None:
    corners = {1: (2, 2), 2: (-3, 2), 3: (-3, 2), 4: (2, 2), 5: (2, 2), 6: (2, 2), 7: (2, -3), 8: (2, -3)}
    for orientation, (x, y) in corners.items():
        screen = Image.open(io.BytesIO(views(encoded("JPEG", exif=exif(orientation))).screen.data))
        red, _, blue = screen.getpixel((x % screen.width, y % screen.height))
        assert red > blue + 100, orientation


def test_a_decoder_that_dies_takes_only_its_own_process_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that costs more processor time than allowed ends the decoding process, and the next one is shown."""
    from fieldsvc.media import apart

    monkeypatch.setattr(apart, "_in_there", _dies)
    with pytest.raises(Unreadable) as refused:
        views(encoded("JPEG"))
    assert refused.value.reason == "decoder"
    monkeypatch.undo()
    assert views(encoded("JPEG")).width == 400


def _dies(data: bytes) -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGSEGV)


def test_a_thumbnail_that_was_sent_ahead_loses_what_it_tells_beside_the_picture() -> None:
    plain = encoded("JPEG")
    telling = with_segment(with_segment(plain, 0xE1, b"Exif\0\0 where they live"), 0xFE, b"the Wang family")
    assert strip(telling + b"<html>") == plain
    assert strip(encoded("JPEG", progressive=True)) == encoded("JPEG", progressive=True)
    assert strip(plain[:-900]) is None
    assert strip(encoded("PNG")) is None
    assert strip(b"") is None
