"""Pictures as phones, scanners, other apps and mischief make them, each with what is to become of it.

Nothing here is downloaded: every file is drawn, encoded or put together byte by byte when asked for.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageCms
from pillow_heif import register_heif_opener

register_heif_opener()

Size = tuple[int, int]


@dataclass(frozen=True)
class Case:
    """A file: how it is made, and the size it is shown with upright, or the reason why it is not shown."""

    name: str
    make: Callable[[], bytes]
    shown: Size | str


def drawing(size: Size = (400, 300)) -> Image.Image:
    """A slope from black to white, whose left half is red: turning and colours can be told."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return image


def encoded(form: str, size: Size = (400, 300), mode: str = "RGB", **options: object) -> bytes:
    """The drawing as a file."""
    out = io.BytesIO()
    drawing(size).convert(mode).save(out, form, **options)
    return out.getvalue()


def exif(orientation: int = 1, *, place: bool = False) -> Image.Exif:
    """EXIF as a phone writes it; with `place`, saying where the family lives."""
    made = Image.Exif()
    made[0x0112], made[0x010F], made[0x0132] = orientation, "Maker", "2026:11:25 09:00:00"
    if place:
        made.get_ifd(0x8825).update({1: "N", 2: (29.0, 51.0, 30.0), 3: "E", 4: (118.0, 25.0, 12.0)})
    return made


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG, with the checksum it needs to be believed."""
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def png(width: int, height: int, *more: bytes, colour: int = 2, depth: int = 8, data: bytes = b"\0" * 1000) -> bytes:
    """A PNG that declares any size, over data that need not fill it."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([depth, colour, 0, 0, 0])
    body = [chunk(b"IHDR", head), *more, chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """The JPEG with one more segment at its beginning."""
    return jpeg[:2] + bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body + jpeg[2:]


def sized(jpeg: bytes, width: int, height: int) -> bytes:
    """The JPEG with another size in its frame header than its data has."""
    at = next(found for marker in (b"\xff\xc0", b"\xff\xc2") if (found := jpeg.find(marker)) > 0)
    return jpeg[: at + 5] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + jpeg[at + 9 :]


def several(form: str, **options: object) -> bytes:
    """Three pictures in one file: an animation, or an MPO as some phones write for depth or a gain map."""
    out = io.BytesIO()
    frames = [drawing(), drawing().rotate(90), drawing().rotate(180)]
    frames[0].save(out, form, save_all=True, append_images=frames[1:], **options)
    return out.getvalue()


def grey16(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("I;16", (400, 300), 128 * 256).save(out, form)
    return out.getvalue()


def colours16() -> bytes:
    """A PNG of 48 bits a pixel, which Pillow reads but cannot write."""
    row = b"\0" + (b"\x80\x00" * 3) * 40
    return png(40, 30, colour=2, depth=16, data=row * 30)


def palette_with_hole() -> bytes:
    out = io.BytesIO()
    drawing().quantize(16).save(out, "PNG", transparency=0)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>")
    return out.getvalue()


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def cases() -> Iterator[Case]:
    """Every file of the corpus."""
    yield from _as_they_should_be()
    yield from _turned()
    yield from _colours()
    yield from _metadata()
    yield from _cut()
    yield from _two_things_at_once()
    yield from _no_pictures()
    yield from _bombs()
    yield from _large()


def _as_they_should_be() -> Iterator[Case]:
    whole = (400, 300)
    for form in ("JPEG", "PNG", "WEBP", "GIF", "HEIF"):
        yield Case(f"plain {form}", lambda form=form: encoded(form), whole)
    yield Case("progressive JPEG", lambda: encoded("JPEG", progressive=True), whole)
    yield Case("JPEG without subsampling", lambda: encoded("JPEG", subsampling=0), whole)
    yield Case("WebP without loss", lambda: encoded("WEBP", lossless=True), whole)
    yield Case("HEIC named .jpg", lambda: encoded("HEIF", quality=40), whole)
    yield Case("MPO of a phone", lambda: several("MPO"), whole)
    yield Case("animated GIF", lambda: several("GIF", duration=100), whole)
    yield Case("animated WebP", lambda: several("WEBP", duration=100), whole)
    yield Case("animated PNG", lambda: several("PNG", duration=100), whole)
    yield Case("interlaced GIF", lambda: encoded("GIF", interlace=1), whole)
    yield Case("one pixel", lambda: encoded("PNG", (1, 1)), (1, 1))
    yield Case("a line of pixels", lambda: encoded("JPEG", (5000, 1)), (5000, 1))
    yield Case("a column of pixels", lambda: encoded("PNG", (1, 5000)), (1, 5000))


def _turned() -> Iterator[Case]:
    for orientation in range(1, 9):
        upright = (400, 300) if orientation <= 4 else (300, 400)
        yield Case(f"EXIF turn {orientation}", lambda o=orientation: encoded("JPEG", exif=exif(o)), upright)
    yield Case("PNG with an EXIF turn", lambda: encoded("PNG", exif=exif(6)), (300, 400))
    yield Case("WebP with an EXIF turn", lambda: encoded("WEBP", exif=exif(8)), (300, 400))
    # HEIC turns by a property of its own; what its EXIF says about turning is to be passed over.
    yield Case("HEIC with an EXIF turn", lambda: encoded("HEIF", exif=exif(6)), (400, 300))
    yield Case("EXIF turn that does not exist", lambda: encoded("JPEG", exif=exif(77)), (400, 300))


def _colours() -> Iterator[Case]:
    whole = (400, 300)
    yield Case("CMYK JPEG", lambda: encoded("JPEG", mode="CMYK"), whole)
    yield Case("grey JPEG", lambda: encoded("JPEG", mode="L"), whole)
    yield Case("grey PNG", lambda: encoded("PNG", mode="L"), whole)
    yield Case("grey PNG with a hole", lambda: encoded("PNG", mode="LA"), whole)
    yield Case("black and white PNG", lambda: encoded("PNG", mode="1"), whole)
    yield Case("PNG with a hole", lambda: encoded("PNG", mode="RGBA"), whole)
    yield Case("palette PNG", lambda: encoded("PNG", mode="P"), whole)
    yield Case("palette PNG with a hole", palette_with_hole, whole)
    yield Case("WebP with a hole", lambda: encoded("WEBP", mode="RGBA"), whole)
    yield Case("grey of 16 bits", lambda: grey16("PNG"), whole)
    yield Case("colours of 16 bits", colours16, (40, 30))


def _metadata() -> Iterator[Case]:
    whole = (400, 300)
    yield Case("JPEG that tells its place", lambda: encoded("JPEG", exif=exif(place=True)), whole)
    yield Case("HEIC that tells its place", lambda: encoded("HEIF", exif=exif(place=True)), whole)
    yield Case("JPEG with a colour profile", lambda: encoded("JPEG", icc_profile=profile()), whole)
    yield Case("JPEG with a broken profile", lambda: encoded("JPEG", icc_profile=b"ICC?" * 50), whole)
    yield Case(
        "JPEG whose EXIF is noise", lambda: with_segment(encoded("JPEG"), 0xE1, b"Exif\0\0" + b"\xff" * 300), whole
    )
    yield Case("JPEG whose EXIF ends early", lambda: encoded("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff"), whole)
    yield Case(
        "JPEG whose EXIF goes round in circles",
        lambda: encoded("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x00\x00\x08\0\0\0"),
        whole,
    )
    yield Case("JPEG with a comment", lambda: encoded("JPEG", comment=b"the Wang family"), whole)
    yield Case("PNG with text", lambda: png(40, 30, chunk(b"tEXt", b"Title\0x"), data=(b"\0" * 121) * 30), (40, 30))


def _cut() -> Iterator[Case]:
    for share in (1, 10, 50, 90, 99):
        yield Case(
            f"JPEG cut at {share} %", lambda s=share: (data := encoded("JPEG"))[: len(data) * s // 100], "damaged"
        )
    yield Case("PNG cut in half", lambda: (data := encoded("PNG"))[: len(data) // 2], "damaged")
    yield Case("WebP cut in half", lambda: (data := encoded("WEBP"))[: len(data) // 2], "damaged")
    yield Case("GIF cut in half", lambda: (data := encoded("GIF"))[: len(data) // 2], "damaged")
    yield Case("HEIC cut in half", lambda: (data := encoded("HEIF"))[: len(data) // 2], "damaged")
    yield Case("JPEG without its last two bytes", lambda: encoded("JPEG")[:-2], "damaged")
    yield Case("only the first bytes of a JPEG", lambda: b"\xff\xd8\xff", "damaged")
    yield Case("only the signature of a PNG", lambda: b"\x89PNG\r\n\x1a\n", "damaged")
    yield Case("JPEG that is mostly zeros", lambda: encoded("JPEG")[:300] + b"\0" * 4000, "damaged")


def _two_things_at_once() -> Iterator[Case]:
    whole = (400, 300)
    page = b"<html><script>alert(1)</script></html>"
    yield Case("JPEG and ZIP", lambda: encoded("JPEG") + zipped(), whole)
    yield Case("JPEG and page", lambda: encoded("JPEG") + page, whole)
    yield Case("JPEG with a page in its comment", lambda: with_segment(encoded("JPEG"), 0xFE, page), whole)
    yield Case("PNG and page", lambda: encoded("PNG") + page, whole)
    yield Case("two JPEG one after the other", lambda: encoded("JPEG") + encoded("JPEG", (64, 48)), whole)
    yield Case("page that begins like a GIF", lambda: b"GIF89a/*" + page + b"*/=1;", "damaged")
    yield Case("page that begins like a JPEG", lambda: b"\xff\xd8\xff" + page, "damaged")


def _no_pictures() -> Iterator[Case]:
    yield Case("nothing", lambda: b"", "empty")
    yield Case("page named .jpg", lambda: b"<html><script>alert(1)</script></html>", "no-picture")
    yield Case("SVG", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no-picture")
    yield Case("ZIP", zipped, "no-picture")
    yield Case("PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no-picture")
    yield Case("TIFF", lambda: encoded("TIFF"), "no-picture")
    yield Case("BMP", lambda: encoded("BMP"), "no-picture")
    yield Case("PDF", lambda: b"%PDF-1.4\n", "no-picture")
    yield Case("video of a phone", lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 100, "no-picture")


def _bombs() -> Iterator[Case]:
    yield Case("PNG of 40,000 squared", lambda: png(40_000, 40_000), "too-large")
    yield Case("PNG of two thousand million squared", lambda: png(2**31 - 1, 2**31 - 1), "too-large")
    yield Case("PNG whose text unpacks to 100 MB", lambda: _text_bomb(b"zTXt", b"a\0\0"), "damaged")
    yield Case("PNG whose profile unpacks to 100 MB", lambda: _text_bomb(b"iCCP", b"a\0\0"), "damaged")
    yield Case("PNG whose rows unpack to 100 MB", lambda: png(40, 30, data=b"\0" * 100_000_000), (40, 30))
    yield Case("JPEG that declares 65,500 squared", lambda: sized(encoded("JPEG"), 65_500, 65_500), "too-large")
    yield Case(
        "progressive JPEG that declares 10,900 squared",
        lambda: sized(encoded("JPEG", progressive=True, subsampling=0), 10_900, 10_900),
        "too-large",
    )
    yield Case(
        "GIF with a canvas of 65,535 squared", lambda: b"GIF89a\xff\xff\xff\xff" + encoded("GIF")[10:], "too-large"
    )
    yield Case("WebP that declares 16,383 squared", _webp_bomb, "too-large")
    yield Case("HEIC that declares 60,000 squared", _heic_bomb, "too-large")


def _text_bomb(kind: bytes, head: bytes) -> bytes:
    return png(40, 30, chunk(kind, head + zlib.compress(b"a" * 100_000_000)), data=(b"\0" * 121) * 30)


def _webp_bomb() -> bytes:
    canvas = (16_382).to_bytes(3, "little") * 2
    head = b"WEBPVP8X" + (10).to_bytes(4, "little") + bytes(4) + canvas
    body = head + encoded("WEBP")[12:]
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _heic_bomb() -> bytes:
    size = (400).to_bytes(4, "big") + (300).to_bytes(4, "big")
    return encoded("HEIF").replace(b"ispe\0\0\0\0" + size, b"ispe\0\0\0\0" + (60_000).to_bytes(4, "big") * 2)


def _large() -> Iterator[Case]:
    middle, largest = (8000, 6000), (12_000, 9000)
    yield Case("JPEG of 48 MP", lambda: encoded("JPEG", middle), middle)
    yield Case("JPEG of 108 MP", lambda: encoded("JPEG", largest), largest)
    yield Case("JPEG of 108 MP lying on its side", lambda: encoded("JPEG", largest, exif=exif(6)), (9000, 12_000))
    yield Case("progressive JPEG of 48 MP", lambda: encoded("JPEG", middle, progressive=True), middle)
    yield Case("progressive JPEG of 108 MP", lambda: encoded("JPEG", largest, progressive=True), largest)
    yield Case("PNG of 48 MP", lambda: encoded("PNG", middle, compress_level=1), middle)
    yield Case("PNG of 108 MP with a hole", lambda: encoded("PNG", largest, "RGBA", compress_level=1), "too-large")
    yield Case("HEIC of 12 MP", lambda: encoded("HEIF", (4000, 3000), quality=10), (4000, 3000))
    yield Case("WebP of 48 MP", lambda: encoded("WEBP", middle, method=0, quality=1), "too-large")
