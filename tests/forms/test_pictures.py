"""Pictures travel with a form: found by name, small, of a kind every phone draws; what is wrong names the cell."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from fieldsvc.xlsform import FormProblems, compile_form
from fieldsvc.xlsform.bundle import MOST_FILES, bundled
from fieldsvc.xlsform.pictures import ALL, LARGEST
from tests.forms.forms import node
from tests.forms.pictured import PICTURES, drawing, pictured, source


def wrong(data: bytes, filename: str) -> list[str]:
    with pytest.raises(FormProblems) as refused:
        compile_form(data, filename)
    return [one.sentence() for one in refused.value.problems]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_form_names_its_pictures_by_digest_at_choices_and_at_questions() -> None:
    compiled = compile_form(*pictured())
    tile, thatch, other = compiled.definition["choices"]["roofs"]
    assert tile["image"] == digest(PICTURES["瓦.png"]) == node(compiled.definition, "/data/look")["image"]
    assert "image" not in other
    assert compiled.definition["media"] == sorted([tile["image"], thatch["image"]]) == sorted(compiled.pictures)
    assert compiled.definition["uses"] == ["pictures"]
    assert compiled.warnings == []
    assert all(digest(data) == name for name, data in compiled.pictures.items())


def test_the_digest_of_a_form_changes_with_a_picture() -> None:
    other = pictured(pictures={**PICTURES, "瓦.png": drawing("red")})
    assert compile_form(*other).digest != compile_form(*pictured()).digest


def test_what_a_camera_wrote_beside_a_picture_does_not_travel() -> None:
    exif = b"\xff\xe1\x00\x10Exif\0\0where we are"[:18]
    jpeg = drawing("olive", kind="JPEG")
    marked = {**PICTURES, "thatch.jpg": jpeg[:2] + exif + jpeg[2:]}
    assert all(b"Exif" not in data for data in compile_form(*pictured(pictures=marked)).pictures.values())


def test_a_missing_picture_is_named_at_every_cell_that_names_it() -> None:
    assert wrong(source(), "roofs.md") == [
        f"{place}, media::image column: The picture was not uploaded with the form ({file}). Put it into one .zip with "
        "the form, or choose both at once; the file names must be the same."
        for place, file in [
            ("survey sheet, row 4", "瓦.png"),
            ("choices sheet, row 2", "瓦.png"),
            ("choices sheet, row 3", "thatch.jpg"),
        ]
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n and then nothing", "This is no picture that can be shown (thatch.jpg)"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "no picture that can be shown (thatch.jpg)"),
        (drawing(edge=641), "The picture is too large (thatch.jpg: 641 × 641"),
        (drawing(kind="JPEG") + b"\0" * 13_000, None),
        (drawing() + b"\0" * LARGEST, "KB). Make it at most 640 pixels wide and high and save it as JPEG"),
    ],
    ids=["damaged", "drawing that can run", "too many pixels", "nothing behind a JPEG's end travels", "too many bytes"],
)
def test_a_file_is_judged_by_what_is_in_it(data: bytes, said: str | None) -> None:
    given = pictured(pictures={**PICTURES, "thatch.jpg": data})
    if said is None:
        assert max(map(len, compile_form(*given).pictures.values())) < LARGEST
    else:
        [sentence] = wrong(*given)
        assert sentence.startswith("choices sheet, row 3, media::image column: ")
        assert said in sentence


def test_all_pictures_together_are_bounded_too() -> None:
    rows = [{"type": "note", "name": f"n{n}", "media::image": f"{n}.png"} for n in range(10)]
    many = {f"{n}.png": drawing() + bytes([n]) * (LARGEST - 1000) for n in range(10)}
    [said] = wrong(*pictured(*rows, pictures={**PICTURES, **many}))
    assert said.startswith("All pictures together are too large for phones on a slow network")
    assert f"> {ALL}" in said


def test_a_file_nobody_names_and_media_that_is_not_shown_are_doubts() -> None:
    film = {"type": "note", "name": "film", "media::video": "how.mp4"}
    doubts = compile_form(*pictured(film, pictures={**PICTURES, "old.png": drawing()})).warnings
    assert [(one.code, one.row, one.detail) for one in doubts] == [
        ("picture-unused", None, "old.png"),
        ("media-ignored", 5, "how.mp4"),
    ]


def test_a_ready_xform_has_its_pictures_too() -> None:
    xml = """<h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns="http://www.w3.org/2002/xforms"><h:head><h:title>t
    </h:title><model><itext><translation lang="zh" default="true()"><text id="a"><value>看</value><value form="image">
    jr://images/a.png</value></text></translation></itext><instance><data id="x" version="1"><a/></data></instance>
    <bind nodeset="/data/a" type="string"/></model></h:head><h:body><input ref="/data/a"><label
    ref="jr:itext('a')"/></input></h:body></h:html>""".encode()
    assert node(compile_form(*bundled([("x.xml", xml), ("a.png", drawing())])).definition, "/data/a")["image"]
    assert wrong(xml, "x.xml")[0].startswith("/data/a: The picture was not uploaded with the form (a.png)")


def test_a_zip_from_windows_or_a_mac_is_read_whatever_its_folders() -> None:
    packed, windows = io.BytesIO(), "媒体\\瓦.png".encode("gb18030")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("房屋/roofs.md", source())
        archive.writestr("房屋/__MACOSX/._roofs.md", b"a fork")
        archive.writestr("房屋/media/thatch.jpg", PICTURES["thatch.jpg"])
        archive.writestr("x" * len(windows), PICTURES["瓦.png"])
    # Windows writes names in GB 18030 and does not say so; Python cannot be made to.
    assert compile_form(packed.getvalue().replace(b"x" * len(windows), windows), "房屋.zip").definition["media"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([("a.png", drawing()), ("b.png", drawing())], "bundle-invalid"),
        ([("a.md", source()), ("b.md", source())], "bundle-invalid"),
        ([("a.md", source()), *((f"{n}.png", b"") for n in range(MOST_FILES))], "form-too-large"),
    ],
    ids=["no form", "two forms", "too many files"],
)
def test_a_bundle_holds_one_form_and_not_everything(files: list[tuple[str, bytes]], code: str) -> None:
    with pytest.raises(FormProblems) as refused:
        compile_form(*bundled(files))
    assert [one.code for one in refused.value.problems] == [code]


def test_a_zip_that_would_fill_the_disk_is_not_unpacked() -> None:
    bomb = bundled([("a.md", source()), ("big.png", b"\0" * 21_000_000)])
    assert len(bomb[0]) < 100_000
    assert wrong(*bomb)[0].startswith("The form file is too large")
    assert wrong(b"PK\3\4 nothing", "a.zip")[0].startswith("The file cannot be read as a form")
