"""Everything of a household, or of each household of a village, in one zip: records, answers, photos, papers, hashes.

It is for handing over and for keeping. What must hold in court is the evidence package: the exact bytes and the log.
Of a village's rows and photos only a page is in memory at a time, besides the list of what the zip holds.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fieldsvc.services import exports
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.dossier import scans
from fieldsvc.services.evidence.layout import paper_path, photo_path
from fieldsvc.services.exporting import disputes, orders, package_tables
from fieldsvc.services.exporting.work import Making
from fieldsvc.services.packing import Package
from fieldsvc.store import exports as rows
from fieldsvc.store import household_record, photo_files
from fieldsvc.store.photo_files import PhotoFile

#: Photos of a household that are looked up in one statement.
_PHOTOS_AT_ONCE = 200
SUMS, READ_ME = "SHA256SUMS", "说明 README.txt"
#: The columns of the sheet that says which photo is where.
PHOTO_COLUMNS = ("户编号", "走访编号", "题目", "时间", "文件", "校验值")
_SAID = """本资料包由 fieldsvc 导出。
records：档案（conflicts.csv：不一致的值及其审定）；
forms：各表单的答案（missing.csv：所用表单版本不在本服务器上的走访）；
photos：照片原图（photos.csv 是清单）；papers：打印件；signed：归档的签字件。
校验：在本文件夹内运行 sha256sum -c SHA256SUMS。

Exported by fieldsvc. records: the records (conflicts.csv: values that differed, and what was decided); forms: answers
of each form (missing.csv: visits whose version of the form is not on this server); photos: photos as they came
(photos.csv lists them); papers: what is printed; signed: signed papers that were filed.
To check: sha256sum -c SHA256SUMS in this folder.
"""

#: The household's papers as one PDF.
Papers = Callable[[Making, str], bytes]


def make(making: Making, papers: Papers) -> None:
    """Write the package of an order's household, or of each household of its village."""
    with zipfile.ZipFile(making.file, "w") as archive, tempfile.TemporaryDirectory() as name:
        package, folder, homes = Package(archive), Path(name), _homes(making)
        every = _each_home(making, package, homes, papers)
        package_tables.put_sheet(package, folder / "photos.csv", PHOTO_COLUMNS, every)
        package_tables.put_records(making, package, homes, folder)
        package_tables.put_forms(making, package, homes, folder)
        argued = (line for home in homes for line in disputes.of_household(making, home))
        package_tables.put_sheet(package, folder / "conflicts.csv", disputes.COLUMNS, argued, "records", empty=False)
        package.put(READ_ME, "words", [_SAID.encode()], packed=True)
        lines = (f"{one['sha256']}  {one['path']}\n".encode() for one in list(package.files))
        package.put(SUMS, "hashes", lines, packed=True)


def _homes(making: Making) -> Sequence[Any]:
    """The households in the order of their numbers."""
    wanted = making.order
    with making.ctx.db.read() as session:
        if wanted.household:
            found = household_record.entity(session, making.by.feed_id, wanted.household)
            return [found] if found else []
        paths = orders.paths_of(session, making.by, wanted)
        return list(rows.subjects(session, making.by.feed_id, HOUSEHOLDS, paths))


def _each_home(making: Making, package: Package, homes: Sequence[Any], papers: Papers) -> Iterator[dict[str, str]]:
    """Put what each household has of files into the package; the lines of the sheet of photos, as they come."""
    for number, (home, name) in enumerate(zip(homes, _names(homes), strict=True), start=1):
        yield from _photos(making, package, home, name)
        package.put(f"papers/{name}.pdf", "paper", [papers(making, home.id)], packed=True)
        _scans(making, package, home, name)
        making.step(number, len(homes))


def _names(homes: Sequence[Any]) -> list[str]:
    """What each household's files are called: its number where it can stand in a name, and nobody's name.

    A number that two were given stands for neither alone, nor do two that differ in capitals only, which are one name
    to most computers: with the record's id behind it, each has a folder of its own.
    """
    given = [_number(home) for home in homes]
    times = Counter(number.lower() for number in given)
    return [
        home.id if not number else number if times[number.lower()] == 1 else f"{number}-{home.id}"
        for home, number in zip(homes, given, strict=True)
    ]


def _number(home: Any) -> str:
    number = str(home.properties.get(rows.NUMBER) or "")
    return number if number.isalnum() and number.isascii() and len(number) < 40 else ""


def _photos(making: Making, package: Package, home: Any, name: str) -> Iterator[dict[str, str]]:
    """Put a household's photos into the package, each once; what a visit names and is not here yet has no file."""
    ctx = making.ctx
    zone, put = ZoneInfo(ctx.settings.time_zone), set[str]()
    for shot in _shots(making, home.id):
        path = ""
        if shot.type:
            path = f"photos/{name}/{photo_path(shot.sha256, shot.type).removeprefix('photos/')}"
            if path not in put:
                package.put(path, "photo", ctx.blobs.stream(shot.sha256), packed=False)
                put.add(path)
        number = str(home.properties.get(rows.NUMBER) or "")
        values = (number, shot.visit_id, shot.ref, exports.moment(shot.at, zone), path, shot.sha256)
        yield dict(zip(PHOTO_COLUMNS, values, strict=True))


def _shots(making: Making, household_id: str) -> Iterator[PhotoFile]:
    """All photos of a household, a statement for each page of them."""
    after: photo_files.Key | None = None
    while True:
        with making.ctx.db.read() as session:
            some = photo_files.page(session, making.by.feed_id, household_id, after, _PHOTOS_AT_ONCE)
        yield from some
        if len(some) < _PHOTOS_AT_ONCE:
            return
        after = some[-1].key


def _scans(making: Making, package: Package, home: Any, name: str) -> None:
    """Put the signed papers that a desk filed for a household into the package, each once."""
    with making.ctx.db.read() as session:
        filed = scans.of_subject(session, making.by.feed_id, home.id)
    for sha256, kind in {paper.sha256: paper.type for paper in filed}.items():
        path = f"signed/{name}/{paper_path(sha256, kind).removeprefix('papers/')}"
        package.put(path, "paper", making.ctx.blobs.stream(sha256), packed=False)
