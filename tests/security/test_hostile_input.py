"""Files and headers altered at random: refused with a problem or read, and never a crash.

The corpus of pictures (`tests/media/corpus.py`), the bad forms and sheets hold what is known to hurt; this looks for
more. Every run draws the same cases; `make soak` draws forty times as many new ones.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fieldsvc.media import Unreadable, views
from fieldsvc.problems import Problem
from fieldsvc.services.imports.sheet import open_table
from fieldsvc.xlsform import FormProblems, compile_form
from fieldsvc.xlsform.bundle import unbundled
from fieldsvc.xlsform.xform import MOST_NODES
from tests.forms.forms import spreadsheet
from tests.forms.test_xforms import written
from tests.imports.sheets_made import csv, xls, xlsx
from tests.media.test_derive import picture
from tests.world import World

_ROWS = (("户编号", "户主姓名"), ("001", "甲"), ("002", "乙"))
_FORM = spreadsheet([{"type": "integer", "name": "age"}])
#: Where to cut, how much to take out, and what to put in.
_CUTS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=4)
Cuts = list[tuple[float, int, bytes]]
#: What a hand-written XForm is wrong in: markup that opens, closes, names nothing or something far away.
_MARKUP = st.sampled_from(
    [
        *("", "<", ">", "/", '"', "(", "[", "&x;", "&amp;", "..", "//", "../" * 9, "(" * 30, "1" * 50, "\ufffd", "中"),
        *(
            "<repeat/>",
            "<bind/>",
            "<input/>",
            "<group>",
            "</group>",
            "<itext/>",
            "<instance/>",
            "<setvalue/>",
            "<value/>",
        ),
        *('nodeset=""', 'ref=""', 'type="geopoint"', "instance('x')", "jr:itext('x')", "current()/", 'xmlns="urn:x"'),
    ]
)


def altered(data: bytes, cuts: Cuts) -> bytes:
    """The bytes after a few cuts."""
    for where, out, put in cuts:
        at = int(where * len(data))
        data = data[:at] + put + data[at + out :]
    return data


def altered_within(data: bytes, cuts: Cuts) -> bytes:
    """A zip whose every member was cut, packed again with a right checksum: what a careful attacker sends."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            new.writestr(item.filename, altered(old.read(item), cuts))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "alter"),
    [
        (xlsx(*_ROWS), "a.xlsx", altered),
        (xlsx(*_ROWS), "a.xlsx", altered_within),
        (xls(*_ROWS), "a.xls", altered),
        (csv(*_ROWS), "a.csv", altered),
    ],
    ids=["xlsx", "inside of xlsx", "xls", "csv"],
)
def test_a_sheet_altered_at_random_is_read_or_refused(
    data: bytes, name: str, alter: Callable[[bytes, Cuts], bytes]
) -> None:
    @given(cuts=_CUTS)
    @settings(max_examples=settings().max_examples // 4)
    def opens(cuts: Cuts) -> None:
        with suppress(Problem):
            list(open_table(alter(data, cuts), name).rows)

    opens()


@pytest.mark.parametrize("alter", [altered, altered_within], ids=["xlsx", "inside of xlsx"])
def test_a_form_altered_at_random_is_compiled_or_refused(alter: Callable[[bytes, Cuts], bytes]) -> None:
    @given(cuts=_CUTS)
    @settings(max_examples=settings().max_examples // 5)
    def compiles(cuts: Cuts) -> None:
        with suppress(FormProblems):
            compile_form(alter(_FORM, cuts), "a.xlsx")

    compiles()


def test_an_xform_altered_at_random_is_compiled_or_refused() -> None:
    parts = re.findall(r"[\w:]+|[^\w:]", written())

    @given(cuts=st.lists(st.tuples(st.integers(0, len(parts)), st.integers(0, 6), _MARKUP), min_size=1, max_size=4))
    @example(cuts=[(parts.index("current"), 0, "../" * 9)])
    def compiles(cuts: list[tuple[int, int, str]]) -> None:
        rest = list(parts)
        for at, out, put in cuts:
            rest[at : at + out] = [put]
        with suppress(FormProblems):
            compile_form("".join(rest), "a.xml")

    compiles()


@pytest.mark.parametrize("what", ["<bind nodeset='/data/n{n}' id='i{n}'/>", "<input bind='i0'/>"])
def test_an_xform_of_more_nodes_than_anybody_would_answer_is_refused_before_it_is_compiled(what: str) -> None:
    many = "".join(what.format(n=n) for n in range(MOST_NODES + 1))
    place = "</model>" if "nodeset" in what else "</h:body>"
    with pytest.raises(FormProblems) as refused:
        compile_form(written().replace(place, many + place), "a.xml")
    assert [each.code for each in refused.value.problems] == ["form-too-large"]


@pytest.mark.parametrize("name", ["../../../etc/cron.d/a.png", "/etc/a.png", "C:\\windows\\a.png", "..", "a\x00.png"])
def test_a_packed_form_writes_nothing_wherever_its_files_say_they_belong(name: str, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xlsx", _FORM)
        archive.writestr(name, picture((8, 8), "PNG"))
    before = sorted(tmp_path.rglob("*"))
    with pytest.MonkeyPatch.context() as patch, suppress(FormProblems):
        patch.chdir(tmp_path)
        patch.setattr(Path, "write_bytes", lambda *_: pytest.fail("a file was written"))
        bundle = unbundled(packed.getvalue(), "a.zip")
        assert not [each for each in bundle.pictures if set(each) & set("/\\\x00")]
        compile_form(packed.getvalue(), "a.zip")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_altered_at_random_is_shown_or_the_reason_is_said(kind: str) -> None:
    data = picture((64, 48), kind)

    @given(cuts=_CUTS)
    @settings(max_examples=settings().max_examples // 2)
    def shows(cuts: Cuts) -> None:
        with suppress(Unreadable):
            assert views(altered(data, cuts)).thumb.data.startswith(b"\xff\xd8")

    shows()


def test_a_packed_request_altered_at_random_is_answered_or_refused(world: World) -> None:
    east = world.cadre("East")
    body = gzip.compress(json.dumps(east.phone.request()).encode(), mtime=0)
    headers = {"Authorization": f"Bearer {east.phone.token}", "Content-Encoding": "gzip"}

    @given(cuts=_CUTS)
    @example(cuts=[(0.0, 0, body)])
    def answers(cuts: Cuts) -> None:
        sent = {"data": altered(body, cuts), "content_type": "application/json", "headers": headers}
        assert world.server.app.test_client().post("/api/v1/sync", **sent).status_code in (200, 400, 413)

    answers()


_WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)
_NUMBERS = st.integers(-(2**70), 2**70).map(str) | _WORDS
_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Upload-Length": _NUMBERS,
        "Upload-Offset": _NUMBERS,
        "Upload-Metadata": st.lists(_WORDS, max_size=3).map(",".join) | st.just("sha256 YQ==,type YQ=="),
        "Upload-Checksum": _WORDS | st.just("sha256 YQ=="),
        "Upload-Defer-Length": _NUMBERS,
        "Tus-Resumable": st.just("1.0.0") | _WORDS,
        "Content-Type": st.just("application/offset+octet-stream") | _WORDS,
    },
)


@pytest.mark.parametrize("method", ["POST", "PATCH", "HEAD", "DELETE"])
def test_headers_of_an_upload_altered_at_random_are_answered_or_refused(world: World, method: str) -> None:
    token = world.cadre("East").phone.token
    path = "/api/v1/uploads" if method == "POST" else f"/api/v1/uploads/{world.new_id()}"

    @given(headers=_HEADERS, body=st.binary(max_size=20))
    def answers(headers: dict[str, str], body: bytes) -> None:
        sent = {**headers, "Authorization": f"Bearer {token}"}
        answer = world.server.app.test_client().open(path, method=method, headers=sent, data=body)
        assert answer.status_code < 500, headers

    answers()
