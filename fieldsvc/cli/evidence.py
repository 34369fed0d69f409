"""`fieldsvc evidence`: a package about one subject for those who ask for proof, and its verification anywhere."""

from pathlib import Path

import click

from fieldsvc.cli.console import console
from fieldsvc.cli.files import READABLE
from fieldsvc.services import evidence as packages

WHAT = {
    "unreadable": "打不开，不是证据包 cannot be opened as a package",
    "unsafe-name": "文件名不安全 has an unsafe name",
    "twice": "出现两次 is there twice",
    "missing": "缺失 is missing",
    "unlisted": "清单里没有 is not in the manifest",
    "altered": "被改动过 was altered",
    "unknown-format": "格式或版本不认识 is of a format or version not known here",
    "not-in-log": "日志里没有这份内容 is not in the log with these bytes",
    "photo-unnamed": "照片与填写内容对不上 names other photos than the package holds",
    "log-broken": "日志的校验链断了 has a broken chain",
}


DAMAGED = {
    "log": "日志校验链断在 the log's chain breaks at",
    "sent": "手机发来的内容被改动 what a phone sent was altered",
    "photo": "照片缺失或被改动 a photo is missing or was altered",
}


@click.group()
def evidence() -> None:
    """证据包：导出一户的全部证据，离线核验。Evidence packages: export all evidence about one household, verify it."""


@evidence.command("export")
@click.argument("subject")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--reason", required=True, help="为什么导出，会记入日志。Why; it goes into the audit log.")
def export_command(subject: str, file: Path, reason: str) -> None:
    """导出一户（户编号或档案编号）的证据包（.zip）。Export the package about a household, by number or id.

    \b
    内容：手机发来的原文、照片原图、表单定义、日志和校验值。证件号码等不隐藏，请妥善保管。
    It holds what phones sent, byte for byte, the photos as taken, the forms, the log, and digests of
    all. Nothing is masked: keep it safe.
    """
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with console() as (ctx, by), unfinished.open("wb") as target:
            done = packages.export(ctx, by, subject, target, reason=reason)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"✓ {done.label}: {done.sent} 份 sent, {done.photos} 张照片 photos, {done.missing} 张未到 missing")


@evidence.command("check")
def check_command() -> None:
    """核对本服务器的全部证据：日志、原文、照片。Check all evidence on this server: log, what was sent, photos.

    要读完每一张照片，时间较长；可在恢复备份之后运行。
    It reads every photo and takes its time; run it after restoring a backup.
    """
    whole = True
    with console() as (ctx, _by):
        for damage in packages.check(ctx):
            whole = False
            click.echo(f"✗ {DAMAGED[damage.kind]}: {damage.name}")
    if not whole:
        raise click.exceptions.Exit(1)
    click.echo("✓ 完好 Everything is as it was written.")


@evidence.command("verify")
@click.argument("file", type=READABLE)
def verify_command(file: Path) -> None:
    """核验证据包，不需要数据库和网络。Verify a package; needs neither a database nor a network."""
    result = packages.verify(file)
    for finding in result.findings:
        click.echo(f"✗ {finding.part}: {WHAT[finding.code]}")
    if result.findings:
        raise click.exceptions.Exit(1)
    click.echo(f"✓ {result.subject}: {result.sent} 份 sent, {result.photos} 张照片 photos，完好 as they were written")
    if result.log_head:
        head = result.log_head
        click.echo(f"  日志截至 log up to {head['position']}: {head['hash']}")
    if result.signatures:
        click.echo(f"  {result.signatures} 个签名未核验 signatures were not checked")
