"""The package of a household on a server that has its visits and not all the forms they were made with."""

from __future__ import annotations

import csv
import io
import zipfile

from openpyxl import load_workbook

from fieldsvc.services.context import Context
from fieldsvc.store.tables import FormVersionRow, SubmissionRow
from tests.office.desk import Desk
from tests.office.district import FEED, District
from tests.office.test_ordered_exports import ordered
from tests.office.test_what_is_a_visit import publishes


def test_a_package_is_made_without_trials_and_though_forms_were_lost_and_names_what_was_filled_in_with_them(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, helper=district.li, hh_no="0001")
    publishes(ctx, district, "lost", "3")
    publishes(ctx, district, "visit", "4")
    of_lost_form, of_lost_version = (district.visit(home, district.li, form=form) for form in ("lost", "visit"))
    tried = district.visit(home, district.li, form="visit.trial", flags={"trial": True})
    with ctx.db.write() as session:
        for id_, values in ((of_lost_version, {"form_version": "9"}), (tried, {"review_state": "trial"})):
            row = session.get_one(SubmissionRow, (FEED, id_))
            for name, value in values.items():
                setattr(row, name, value)
        session.delete(session.get_one(FormVersionRow, ("lost", "3")))
    data = ordered(desk, ctx, f"/office/exports?household={home}", kind="household", household=home)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert {name for name in files if name.startswith("forms/")} == {"forms/visit.xlsx", "forms/missing.csv"}
    listed = list(csv.DictReader(io.StringIO(files["forms/missing.csv"].decode("utf-8-sig"))))
    assert [(one["户编号"], one["表单"], one["版本"], one["走访编号"]) for one in listed] == [
        ("0001", "lost", "3", of_lost_form),
        ("0001", "visit", "9", of_lost_version),
    ]
    rows = list(load_workbook(io.BytesIO(files["forms/visit.xlsx"])).worksheets[0].values)
    assert of_lost_version in [row[0] for row in rows]
