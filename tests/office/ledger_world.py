"""Houses to put into the county's ledgers (`ledgers.toml`)."""

from __future__ import annotations

from fieldsvc.store.tables import DatasetRow
from tests.office.district import District
from tests.support.shipped import dataset

#: (village, case number, stage, applied, completed, subsidy)
HOUSES = (
    ("upper", "H-1", "completed", "2026-11-01", "2026-11-20", "10000.50"),
    ("upper", "=H-2", "applied", "2026-11-02", None, "20000.05"),
    ("lower", "H-3", "started", "2026-11-03", None, None),
    ("far", "H-4", "started", "2026-11-04", None, "5"),
)


def keep_houses(district: District) -> None:
    """Let the county keep housing cases and their payments, as this release ships them."""
    with district.ctx.db.write() as session:
        for name in ("housing_cases", "housing_payments"):
            definition = dict(dataset(name))
            session.add(DatasetRow(name=name, version=1, definition=definition, digest="0", published_at=0))


def add_houses(district: District) -> None:
    """A household and a housing case for each of `HOUSES`."""
    for number, (village, case_no, stage, applied_on, completed_on, subsidy) in enumerate(HOUSES, start=1):
        home = district.household(f"户{number}", getattr(district, village), hh_no=f"000{number}", phone="13900000000")
        given = {"applied_on": applied_on, "completed_on": completed_on, "subsidy": subsidy}
        district.record(home, "housing_cases", "", case_no=case_no, stage=stage, **given)
