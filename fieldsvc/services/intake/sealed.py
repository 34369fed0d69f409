"""Operations of a locked phone: they come as letters, and count as what stands in them (Protocol 3.20)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fieldsvc.problems import LetterUnreadable
from fieldsvc.services import letters
from fieldsvc.services.intake import receipts
from fieldsvc.services.intake.receipts import Receipt

Sent = Sequence[tuple[str, str]]


def opened(secret_key: str, sent: Sent, answer: Callable[[Sent], list[Receipt]]) -> list[Receipt]:
    """What `answer` says to the operations, in order, each letter opened before it is asked.

    A letter to another server is not kept: its receipt has the digest of the letter, by which the phone knows that
    nothing of its own was received, and sends the text itself once it is unlocked.
    """
    texts = [_text(secret_key, body) for _, body in sent]
    readable = [(id_, text) for (id_, _), text in zip(sent, texts, strict=True) if text is not None]
    answers = iter(answer(readable) if readable else [])
    return [
        receipts.unread(id_, body, LetterUnreadable()) if text is None else next(answers)
        for (id_, body), text in zip(sent, texts, strict=True)
    ]


def _text(secret_key: str, body: str) -> str | None:
    if not letters.is_letter(body):
        return body
    try:
        return letters.opened(secret_key, body, "operation")
    except LetterUnreadable:
        return None
