"""Everything of a household, or of each household of a village, in one zip: records, answers, photos, papers, hashes.

It is for handing over and for keeping. What must hold in court is the evidence package: the exact bytes and the log.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc import sheets
from fieldsvc.services import exports, form_export
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.definitions import Datasets, datasets
from fieldsvc.services.dossier import scans
from fieldsvc.services.evidence.layout import paper_path, photo_path
from fieldsvc.services.exporting import disputes, orders
from fieldsvc.services.exporting.work import Making
from fieldsvc.services.packing import Package
from fieldsvc.store import attachments, dossier, form_shelf, household_record
from fieldsvc.store import exports as rows
from fieldsvc.store.tables import EntityRow

SUMS, READ_ME = "SHA256SUMS", "说明 README.txt"
#: The columns of the sheet that says which photo is where.
PHOTO_COLUMNS = ("户编号", "走访编号", "题目", "时间", "文件", "校验值")
_SAID = """本资料包由 fieldsvc 导出。
records：档案（conflicts.csv：不一致的值及其审定）；
forms：各表单的答案；photos：照片原图（photos.csv 是清单）；papers：打印件；signed：归档的签字件。
校验：在本文件夹内运行 sha256sum -c SHA256SUMS。

Exported by fieldsvc. records: the records (conflicts.csv: values that differed, and what was decided); forms: answers
of each form; photos: photos as they came (photos.csv lists them); papers: what is printed; signed: signed papers that
were filed.
To check: sha256sum -c SHA256SUMS in this folder.
"""

#: The household's papers as one PDF.
Papers = Callable[[Making, str], bytes]


def make(making: Making, papers: Papers) -> None:
    """Write the package of an order's household, or of each household of its village."""
    with zipfile.ZipFile(making.file, "w") as archive:
        package = Package(archive)
        homes = _homes(making)
        shots: list[dict[str, str]] = []
        for number, home in enumerate(homes, start=1):
            shots += _photos(making, package, home)
            package.put(f"papers/{_name(home)}.pdf", "paper", [papers(making, home.id)], packed=True)
            _scans(making, package, home)
            making.step(number, len(homes))
        with tempfile.TemporaryDirectory() as folder:
            _records(making, package, homes, Path(folder))
            _forms(making, package, homes, Path(folder))
            argued = [line for home in homes for line in disputes.of_household(making, home)]
            if argued:
                _file(package, Path(folder) / "conflicts.csv", disputes.COLUMNS, argued, "records")
            _file(package, Path(folder) / "photos.csv", PHOTO_COLUMNS, shots)
        package.put(READ_ME, "words", [_SAID.encode()], packed=True)
        lines = [f"{one['sha256']}  {one['path']}\n".encode() for one in package.files]
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


def _name(home: Any) -> str:
    """What the household's files are called: its number where it can stand in a name, and nobody's name."""
    number = str(home.properties.get(rows.NUMBER) or "")
    return number if number.isalnum() and number.isascii() and len(number) < 40 else home.id


def _records(making: Making, package: Package, homes: Sequence[Any], folder: Path) -> None:
    """One workbook with a sheet for each kind of record, and each as CSV."""
    with making.ctx.db.read() as session:
        known = datasets(making.ctx, session)
        found: dict[str, list[dict[str, str]]] = {}
        for home in homes:
            for row in [home, *household_record.members(session, making.by.feed_id, home.id)]:
                dataset = getattr(row, "dataset", HOUSEHOLDS)
                if dataset in known:
                    found.setdefault(dataset, []).append(_line(home, row, known, dataset, making.order.full))
        kinds = sorted(found, key=lambda one: (one != HOUSEHOLDS, one))
        tables = [(known.title(one)["zh"], list(found[one][0]), frozenset[str]()) for one in kinds]
    every = [(at, line) for at, one in enumerate(kinds) for line in found[one]]
    _book(package, folder / "records.xlsx", tables, every, "records")
    for at, one in enumerate(kinds):
        _file(package, folder / f"{one}.csv", tables[at][1], found[one], "records")


def _line(home: Any, row: EntityRow, known: Datasets, dataset: str, full: bool) -> dict[str, str]:
    number = {exports.NUMBER: str(home.properties.get(rows.NUMBER) or "")}
    return number | exports.cells(row.properties, known.properties(dataset), full=full)


def _forms(making: Making, package: Package, homes: Sequence[Any], folder: Path) -> None:
    """The answers of every form these households have visits of, a workbook for each form."""
    language = making.order.language
    with making.ctx.db.read() as session:
        forms = [row.id for row in form_shelf.forms(session) if row.state != "trial"]
    for form_id in forms:
        lines: list[tuple[int, Mapping[str, str]]] = []
        found = None
        for home in homes:
            asked = form_export.Wanted(form_id, None, language, making.order.full, subject_id=home.id)
            with making.ctx.db.read() as session:
                found = form_export.opened(making.ctx, session, making.by, asked)
            lines += found.rows
        if found is not None and lines:
            tables = [(one.name, one.headings, one.numeric) for one in found.sheets]
            _book(package, folder / f"{form_id}.xlsx", tables, lines, "forms")


def _photos(making: Making, package: Package, home: Any) -> Iterator[dict[str, str]]:
    """Put a household's photos into the package, each once; what a visit names and is not here yet has no file."""
    ctx, feed = making.ctx, making.by.feed_id
    zone = ZoneInfo(ctx.settings.time_zone)
    with ctx.db.read() as session:
        shots = dossier.photos(session, feed, [home.id])
        types = _types(session, feed, shots)
    put: set[str] = set()
    for shot in shots:
        path = ""
        if shot.sha256 in types:
            path = f"photos/{_name(home)}/{photo_path(shot.sha256, types[shot.sha256]).removeprefix('photos/')}"
            if path not in put:
                package.put(path, "photo", ctx.blobs.stream(shot.sha256), packed=False)
                put.add(path)
        number = str(home.properties.get(rows.NUMBER) or "")
        values = (number, shot.visit_id, shot.ref, exports.moment(shot.at, zone), path, shot.sha256)
        yield dict(zip(PHOTO_COLUMNS, values, strict=True))


def _scans(making: Making, package: Package, home: Any) -> None:
    """Put the signed papers that a desk filed for a household into the package, each once."""
    with making.ctx.db.read() as session:
        filed = scans.of_subject(session, making.by.feed_id, home.id)
    for sha256, kind in {paper.sha256: paper.type for paper in filed}.items():
        path = f"signed/{_name(home)}/{paper_path(sha256, kind).removeprefix('papers/')}"
        package.put(path, "paper", making.ctx.blobs.stream(sha256), packed=False)


def _types(session: Session, feed_id: str, shots: Sequence[dossier.Shot]) -> dict[str, str]:
    """The media types of the photos that are here whole, by digest."""
    here = {one.sha256 for one in shots if one.state == attachments.PRESENT}
    found = {sha256: attachments.blob(session, feed_id, sha256) for sha256 in here}
    return {sha256: row.type for sha256, row in found.items() if row is not None}


def _book(
    package: Package,
    path: Path,
    tables: Sequence[sheets.Table],
    lines: Sequence[tuple[int, Mapping[str, str]]],
    under: str,
) -> None:
    if tables:
        [made] = sheets.write_book(path, tables, lines)
        package.put(f"{under}/{path.name}", "table", [made.read_bytes()], packed=False)


def _file(
    package: Package, path: Path, columns: Sequence[str], lines: Sequence[Mapping[str, str]], under: str = ""
) -> None:
    sheets.write(path, columns, lines)
    package.put(f"{under}/{path.name}" if under else path.name, "table", [path.read_bytes()], packed=True)
