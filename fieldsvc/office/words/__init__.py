"""The office's catalogue of sentences: Chinese first, English complete, one JSON file each."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
NAMES = {"zh": "中文", "en": "English"}


class Words:
    """Sentences in one language. A key that does not exist is a mistake of ours and raises."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._sentences = catalogue(self.language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence `key` with `values` filled in; `one||many` is chosen by the value named n."""
        sentence = self._sentences[key]
        if "||" in sentence:
            one, many = sentence.split("||")
            sentence = one if values.get("n") == 1 else many
        return sentence.format_map(values) if values else sentence

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._sentences

    def known(self, prefix: str, code: str) -> str:
        """The sentence `prefix.code`, or the code itself where a newer phone or form brought an unknown one."""
        return self._sentences.get(f"{prefix}.{code}", code)


@cache
def catalogue(language: str) -> dict[str, str]:
    """All sentences of one language by key."""
    path = Path(__file__).parent / f"{language}.json"
    sentences: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return sentences


def best_language(accepted: list[str]) -> str:
    """The language to greet a stranger in, from what their browser asks for."""
    for tag in accepted:
        if tag[:2].lower() in LANGUAGES:
            return tag[:2].lower()
    return LANGUAGES[0]
