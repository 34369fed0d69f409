"""The catalogue is complete in both languages, and pages use nothing that is not in it."""

import re
from pathlib import Path

from fieldsvc.office.words import LANGUAGES, Words, catalogue

OFFICE = Path(__file__).resolve().parents[2] / "fieldsvc" / "office"


def test_both_languages_say_the_same_things() -> None:
    keys = {language: set(catalogue(language)) for language in LANGUAGES}
    assert keys["zh"] == keys["en"]
    for key in keys["zh"]:
        places = [set(re.findall(r"{(\w+)}", catalogue(language)[key])) for language in LANGUAGES]
        assert places[0] == places[1], key


def test_no_english_sentence_is_left_in_chinese() -> None:
    for key, sentence in catalogue("en").items():
        assert not re.search(r"[\u4e00-\u9fff]", sentence), key


def test_every_key_a_page_names_is_in_the_catalogue() -> None:
    named: set[str] = set()
    for path in [*OFFICE.rglob("*.html"), *OFFICE.glob("*.py")]:
        source = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"""\bt\(["']([a-z][^"'{}]*)["'][,)]""", source))
    assert len(named) > 100
    assert named <= set(catalogue("zh"))


def test_one_and_many_are_told_apart() -> None:
    assert Words("en")("visits.count", n=1) == "1 visit"
    assert Words("en")("visits.count", n=2) == "2 visits"
    assert Words("zh")("visits.count", n=1) == "1 条"
