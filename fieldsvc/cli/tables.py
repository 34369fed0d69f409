"""`fieldsvc import` and `fieldsvc export`: spreadsheets in and out."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from fieldsvc import sheets
from fieldsvc.cli.console import console
from fieldsvc.cli.files import READABLE
from fieldsvc.services import exports, form_export, imports
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets

DATASETS = click.Choice(["households", "members"])
KEYS = {"households": "hh_no", "members": "id_no"}
LABELS = {"households": "head_name", "members": "full_name"}
AREA_HEADINGS = ("area_code", exports.CODE, "行政区划代码", "村代码")


@click.command("import")
@click.argument("dataset", type=DATASETS)
@click.argument("file", type=READABLE)
@click.option("--source", required=True, help="来源名称，同一来源每次都写一样。The source's name, the same every time.")
def import_command(dataset: str, file: Path, source: str) -> None:
    """导入农户或家庭成员表（.xlsx 或 .csv）。Import a table of households or members (.xlsx or .csv).

    列名可以写中文名称或项目名；户编号用来认户，证件号码用来认人。再次导入时只有来源自己改过的格子才算修改，
    不会把手机上更正过的内容改回去。
    Headings are labels or property names; households are known by number, members by identity number. A
    second import of a source changes only the cells the source changed itself.
    """
    with console() as (ctx, by):
        try:
            rows = list(_rows(ctx, dataset, sheets.read(file)))
        except sheets.SheetUnreadable as reason:
            raise click.ClickException(str(reason)) from None
        report = imports.apply(ctx, by, rows, source=source, dataset=dataset, key_property=KEYS[dataset])
    click.echo(
        f"新增 created {report.created}，修改 changed {report.changed}，未变 unchanged {report.unchanged}，"
        f"待审定 conflicts {report.conflicts}，差异 differences {report.differences}"
    )
    for key, code in report.refused:
        click.echo(f"✗ {key}: {code}")


def _rows(ctx: Context, dataset: str, given: Iterator[dict[str, str]]) -> Iterator[imports.Row]:
    with ctx.db.read() as session:
        properties = datasets(ctx, session).properties(dataset)
    names = {name: name for name in properties} | {p["label"]["zh"]: name for name, p in properties.items()}
    for row in given:
        values = {names[h]: _code(value, properties[names[h]]) for h, value in row.items() if h in names}
        yield imports.Row(
            key=values.get(KEYS[dataset]) or "",
            values={name: value or None for name, value in values.items()},
            label=values.get(LABELS[dataset]) or "",
            area_code=next((row[heading] for heading in AREA_HEADINGS if row.get(heading)), None),
            subject_key=row.get(exports.NUMBER) or row.get("hh_no") if dataset == "members" else None,
        )


def _code(value: str, definition: Mapping[str, Any]) -> str:
    """A cell's codes: offices write the labels of a list, several of them one after the other."""
    codes = {choice["label"]["zh"]: choice["value"] for choice in definition.get("choices") or ()}
    parts = value.replace("，", "、").replace(",", "、").split("、") if codes else [value]
    return " ".join(codes.get(part.strip(), part.strip()) for part in parts)


@click.command("export")
@click.argument("what", metavar="households|members|visits|FORM")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--month", type=int, help="只导出某月的走访，例如 202611。Visits of one month only.")
@click.option("--labels", type=click.Choice(["zh", "en"]), help="表单：写选项文字，不写代码。Forms: labels, not codes.")
@click.option("--full", is_flag=True, help="不隐藏证件号码等，须说明原因。Unmasked; needs --reason.")
@click.option("--reason", default="", help="为什么需要完整内容，会记入日志。Why; it goes into the audit log.")
def export_command(what: str, file: Path, month: int | None, labels: str | None, full: bool, reason: str) -> None:
    """导出农户、成员、走访记录，或一张表单的全部答案（.xlsx 或 .csv）。

    \b
    Export households, members, visits, or the answers of one form by its id (.xlsx or .csv). A form's
    repeats are further sheets, or further files beside the .csv, linked by instance_id and parent_id.

    证件号码、电话和健康状况默认隐藏；谁在什么时候导出了什么，都有记录。
    Identity numbers, phones and health are masked; every export is noted with who, what and when.
    """
    if full and len(reason.strip()) < 4:
        raise click.ClickException("请用 --reason 说明原因。Say why with --reason.")
    if what not in ("households", "members", "visits"):
        _export_form(form_export.Wanted(what, month, labels, full, reason), file)
        return
    with console() as (ctx, by):
        number = sheets.write(file, _headings(ctx, what), _exported(ctx, by, what, month, full, reason))
    click.echo(f"{file}: {number} 行 rows")


def _export_form(wanted: form_export.Wanted, file: Path) -> None:
    with console() as (ctx, by):
        found = form_export.export(ctx, by, wanted)
        tables = [(sheet.name, sheet.headings, sheet.numeric) for sheet in found.sheets]
        for path in sheets.write_book(file, tables, found.rows):
            click.echo(str(path))


def _headings(ctx: Context, what: str) -> list[str]:
    return list(exports.VISIT_COLUMNS) if what == "visits" else exports.columns(ctx, what)


def _exported(
    ctx: Context, by: Actor, what: str, month: int | None, full: bool, reason: str
) -> Iterator[dict[str, str]]:
    if what == "visits":
        return exports.visits(ctx, by, month)
    return exports.records(ctx, by, what, full=full, reason=reason)
