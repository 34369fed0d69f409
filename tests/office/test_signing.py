"""A signature tells its reader when it was made, and whether the form still says what was signed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldsvc.services import capture, signing
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.test_captures import visited
from tests.support.tools import ROOT

CASES = json.loads((Path(ROOT) / "tests/vectors/signed.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_what_is_signed_is_read_the_same_here_and_on_the_phone(case: dict[str, Any]) -> None:
    assert signing.digest_of(case["answers"]) == case["sha256"]


def test_a_reviewer_reads_when_it_was_signed_and_whether_the_form_was_changed_afterwards(
    desk: Desk, district: District
) -> None:
    told = {"sha256": "ab" * 32, "source": "signature", "taken_at": 1_793_500_000_000, "clock_offset": 60_000}
    for signed, words in ((signing.digest_of({}), "签字后表单内容没有再改"), ("0" * 64, "签字后表单内容又改过")):
        page = text(desk.opens(f"/office/visits/{visited(district, {**told, 'signed': signed})}"))
        assert f"11月1日 10:27 拍摄 在手机上手写签字 {words}" in page


@pytest.mark.parametrize("told", ["", "nonsense", 7, None, "A" * 64])
def test_what_is_no_digest_says_nothing(told: object) -> None:
    assert capture.of_photo({"sha256": "ab" * 32, "signed": told}).signed is None
