"""The appearance column: a word that is nearly one we draw would be passed on and change nothing."""

from __future__ import annotations

from fieldsvc.xlsform.lint.book import Book
from fieldsvc.xlsform.spelling import nearest

#: What `docs/forms.md` names, and what other clients know: passed on unread, and right all the same.
_KNOWN = {
    *("multiline", "numbers", "masked", "counter", "thousands-sep", "month-year", "year", "minimal", "likert"),
    *("columns", "columns-pack", "signature", "draw", "annotate", "quick", "field-list", "id-number", "textarea"),
    *("compact", "quickcompact", "autocomplete", "horizontal", "horizontal-compact", "label", "list-nolabel", "list"),
    *("table-list", "picker", "rating", "vertical", "no-ticks", "maps", "placement-map", "map", "image-map", "url"),
    *("no-calendar", "bearing", "new", "new-front", "front", "hidden-answer", "no-buttons", "hide-input", "spinner"),
    *("ethiopian", "coptic", "islamic", "bikram-sambat", "myanmar", "persian", "buddhist", "dynamic"),
}


def appearances(book: Book) -> None:
    """Doubt a word that is spelled nearly as one that is known."""
    for number, row in book.sheet("survey").numbered():
        for word in row.get("appearance", "").split():
            guess = nearest(word, _KNOWN)
            if word not in _KNOWN and not word.startswith("columns-") and guess.endswith("?"):
                book.warn("appearance-unknown", "survey", number, "appearance", guess)
