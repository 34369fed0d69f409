"""A signed paper is photographed back into the file: each item of the archive has a photo in the slot that counts."""

from __future__ import annotations

from fieldsvc.services import slots
from fieldsvc.services.dossier import archive
from fieldsvc.services.dossier.documents import templates
from fieldsvc.xlsform.compile import walk
from tests.forms.filled import definition

FORM = definition("archive_papers")
SLOTS = slots.of_form(FORM)


def test_every_item_of_the_file_can_be_photographed_and_its_photo_files_it() -> None:
    codes = {slot["code"] for slot in archive.slots()}
    assert {row["value"] for row in FORM["choices"]["archive_item"]} == codes
    filed = {ref.rsplit("/photo_", 1)[1]: slot for ref, slot in SLOTS.items()}
    assert filed.keys() == codes
    for code, slot in filed.items():
        states = {one.code: one.state for one in archive.completeness((), {slot}, {})}
        assert states.pop(code) == "filed"
        assert set(states.values()) == {"missing"}


def test_the_words_of_an_item_are_those_of_the_archive() -> None:
    words = {slot["code"]: {"zh": slot["zh"], "en": slot["en"]} for slot in archive.slots()}
    labels = {node["name"]: node["label"] for node in walk(FORM["nodes"]) if node["name"].startswith("photo_")}
    assert labels == {f"photo_{code}": said for code, said in words.items()}
    assert {row["value"]: row["label"] for row in FORM["choices"]["archive_item"]} == words


def test_the_signed_copy_of_a_printed_document_has_an_item_to_go_to() -> None:
    codes = {slot["code"] for slot in archive.slots()}
    assert {one.archive for one in templates().values() if one.archive} <= codes


def test_only_the_papers_that_were_ticked_are_asked_for_and_no_photo_blocks_saving() -> None:
    photos = [node for node in walk(FORM["nodes"]) if node["name"].startswith("photo_")]
    assert len(photos) == 18
    assert all("relevant" in node and "required" not in node for node in photos)
