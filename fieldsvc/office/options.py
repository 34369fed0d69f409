"""Long lists to choose from, as HTML at once."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from markupsafe import Markup


def options(rows: Iterable[tuple[str, str]], chosen: str | None) -> Markup:
    """The options of a select. A county has 1,200 helpers, and a template takes a dozen steps for each of them."""
    parts = (
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in rows
    )
    return Markup("".join(parts))  # noqa: S704 - value and text are escaped
