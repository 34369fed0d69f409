"""The files that `media::image` cells name: are they there, small enough, and pictures."""

from __future__ import annotations

from fieldsvc.xlsform.lint.book import Book

_MEDIA = ("image", "big-image", "audio", "video")


def pictures(book: Book) -> None:
    """Note files that are missing, too large or no pictures, files nobody names, and media that is not shown."""
    named: set[str] = set()
    for name in ("survey", "choices"):
        sheet = book.sheet(name)
        kinds = {heading: kind for heading in sheet.headings if (kind := _kind(heading))}
        for number, row in sheet.numbered():
            for heading, kind in kinds.items():
                file = row.get(heading)
                if not file:
                    continue
                named.add(file)
                if kind != "image":
                    book.warn("media-ignored", name, number, heading, file)
                elif objection := book.pictures.objection(file):
                    code, detail = objection
                    book.complain(code, name, number, heading, detail)
    for file in sorted(set(book.pictures.given) - named):
        book.warn("picture-unused", "survey", None, None, file)


def _kind(heading: str) -> str | None:
    """Which medium a column names: `image`, `media::image`, either with a language after it."""
    parts = heading.split("::")
    kind = parts[1] if parts[0] == "media" and len(parts) > 1 else parts[0]
    return kind if kind in _MEDIA else None
