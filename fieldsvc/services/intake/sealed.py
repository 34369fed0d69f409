"""Operations of a locked phone: they come as letters, and count as what stands in them (Protocol 3.20)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson

from fieldsvc.problems import LetterUnreadable
from fieldsvc.services import letters
from fieldsvc.services.intake import receipts
from fieldsvc.services.intake.receipts import Receipt

Sent = Sequence[tuple[str, str]]


def opened(
    secret_keys: Sequence[str], author: str, sent: Sent, answer: Callable[[Sent], list[Receipt]]
) -> list[Receipt]:
    """What `answer` says to the operations, in order, each letter opened before it is asked.

    A letter to another server is not kept: its receipt has the digest of the letter, by which the phone knows that
    nothing of its own was received, and sends the text itself once it is unlocked. Nor is one that was written for
    another operation or by somebody else: whoever copied a phone's storage would learn the digest of what stands in
    it, and could take an id with it that its owner still has to send.
    """
    texts = [_text(secret_keys, author, id_, body) for id_, body in sent]
    readable = [(id_, text) for (id_, _), text in zip(sent, texts, strict=True) if text is not None]
    answers = iter(answer(readable) if readable else [])
    return [
        receipts.unread(id_, body, LetterUnreadable()) if text is None else next(answers)
        for (id_, body), text in zip(sent, texts, strict=True)
    ]


def _text(secret_keys: Sequence[str], author: str, operation_id: str, body: str) -> str | None:
    if not letters.is_letter(body):
        return body
    try:
        text = letters.opened(secret_keys, body, "operation")
    except LetterUnreadable:
        return None
    return text if _is_of(text, author, operation_id) else None


def _is_of(text: str, author: str, operation_id: str) -> bool:
    """Whether the sealed operation says that it is this one, and this person's."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return isinstance(document, dict) and (document.get("id"), document.get("author")) == (operation_id, author)
