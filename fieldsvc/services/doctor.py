"""What is wrong with this server, in words: secrets, HTTPS, disk, database, clock, forms and backup."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from cryptography import x509
from sqlalchemy.exc import SQLAlchemyError

from fieldsvc.config import Settings
from fieldsvc.problems import ServerBusy
from fieldsvc.services import backup, store_watch
from fieldsvc.services.context import Context
from fieldsvc.store import condition, form_shelf
from fieldsvc.xlsform.calls import unread
from fieldsvc.xlsform.definition import Definition

Level = Literal["good", "doubtful", "bad"]
GIGABYTE = 1_000_000_000
CERTIFICATE_DAYS = 14
#: How many questions of a form are named.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, and what to do when it is not good."""

    level: Level
    zh: str
    en: str


def examine(ctx: Context, now: datetime) -> Iterator[Finding]:
    """Everything worth knowing, the most urgent kind of trouble first."""
    yield from _secret(ctx.settings)
    yield from _https(ctx.settings, now)
    yield from _disk(ctx.settings)
    yield from _files(ctx)
    try:
        yield from _database(ctx)
        yield from _clock(ctx, now)
        yield from _jobs(ctx)
        yield from _forms(ctx)
    except (SQLAlchemyError, ServerBusy) as error:
        yield Finding(
            "bad",
            f"数据库打不开（{type(error).__name__}）。检查 FIELDSVC_DATABASE_URL 和文件权限。",
            f"The database does not open ({type(error).__name__}). Check FIELDSVC_DATABASE_URL and who may read it.",
        )
    yield from _backup(ctx.settings, now)


def _secret(settings: Settings) -> Iterator[Finding]:
    if settings.mode != "production":
        yield Finding(
            "doubtful",
            f"运行模式是 {settings.mode}，只适合试用。正式使用请设 FIELDSVC_MODE=production。",
            f"The mode is {settings.mode}, good for trying out only. Set FIELDSVC_MODE=production for real work.",
        )
    if len(set(settings.secret_key)) < 12:
        yield Finding(
            "bad",
            "密钥太简单。请设 FIELDSVC_SECRET_KEY，例如 openssl rand -hex 32 的输出。",
            "The secret key is too simple. Set FIELDSVC_SECRET_KEY, for example to what openssl rand -hex 32 says.",
        )
    else:
        yield Finding("good", "密钥已设置。", "The secret key is set.")


def _https(settings: Settings, now: datetime) -> Iterator[Finding]:
    address = urlsplit(settings.public_url)
    if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
        yield Finding(
            "bad",
            f"{settings.public_url} 不是 HTTPS：手机不会离线保存应用。见 deploy/Caddyfile。",
            f"{settings.public_url} is not HTTPS: phones will not keep the app offline. See deploy/Caddyfile.",
        )
    if not settings.tls_certificate:
        return
    try:
        certificate = x509.load_pem_x509_certificate(Path(settings.tls_certificate).read_bytes())
    except (OSError, ValueError):
        yield Finding(
            "bad",
            f"证书文件 {settings.tls_certificate} 读不出来。",
            f"The certificate file {settings.tls_certificate} cannot be read.",
        )
        return
    days = (certificate.not_valid_after_utc - now).days
    yield Finding(
        "good" if days > CERTIFICATE_DAYS else "bad" if days < 0 else "doubtful",
        f"证书还有 {days} 天到期。",
        f"The certificate has {days} days left.",
    )


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_folder
    while not folder.exists():
        folder = folder.resolve().parent
    free = shutil.disk_usage(folder).free / GIGABYTE
    yield Finding(
        "good" if free > 10 else "doubtful" if free > 2 else "bad",
        f"数据盘剩余 {free:.0f} GB。一个县一年的照片约 32 到 120 GB。",
        f"{free:.0f} GB are free on the data disk. A county's photos of a year take about 32 to 120 GB.",
    )


def _files(ctx: Context) -> Iterator[Finding]:
    if not ctx.settings.blobs_url:
        return
    if ctx.blobs.is_writable():
        yield Finding("good", "照片存储可以写入。", "The object store takes photos.")
    else:
        yield Finding(
            "bad",
            "照片存储写不进去。检查 FIELDSVC_BLOBS_URL 的地址、密钥、存储桶和剩余空间；原因在日志里。",
            "The object store takes no photos. Check address, key, bucket and room (FIELDSVC_BLOBS_URL; see the log).",
        )


def _database(ctx: Context) -> Iterator[Finding]:
    with ctx.db.read() as session:
        current = condition.is_current(session)
        problem = condition.damage(session) if current else None
    if not current:
        yield Finding(
            "doubtful",
            "数据库还没有建立或需要升级：fieldsvc init 或 fieldsvc serve 会处理。",
            "The database is not there yet or is of an older release: fieldsvc init or serve sees to it.",
        )
    elif problem:
        yield Finding(
            "bad",
            f"数据库文件损坏：{problem}。请停止服务并从备份恢复，见 docs/operating.md。",
            f"The database file is damaged: {problem}. Stop the server and restore a backup, docs/operating.md.",
        )
    else:
        yield Finding("good", "数据库完好，版本最新。", "The database is whole and of this release.")


def _clock(ctx: Context, now: datetime) -> Iterator[Finding]:
    with ctx.db.read() as session:
        latest = condition.latest_receipt(session) if condition.is_current(session) else None
    if now.year < 2025 or (latest and latest > now.timestamp() * 1000 + 60_000):
        yield Finding(
            "bad",
            f"服务器时钟可能错了：现在是 {now:%Y-%m-%d %H:%M} UTC，比最近收到的走访还早。",
            f"The server's clock is wrong: it says {now:%Y-%m-%d %H:%M} UTC, before the last visit arrived.",
        )
    else:
        yield Finding("good", f"时钟 {now:%Y-%m-%d %H:%M} UTC。", f"The clock says {now:%Y-%m-%d %H:%M} UTC.")


def _jobs(ctx: Context) -> Iterator[Finding]:
    with ctx.db.read() as session:
        current = condition.is_current(session)
        failed, late = condition.jobs(session, ctx.now_ms()) if current else (0, 0)
        waits = store_watch.waiting(ctx, session) if current else None
    if waits and waits.number:
        yield Finding(
            "bad" if waits.is_alarm else "doubtful",
            f"{waits.number} 个后台任务在等照片存储，最久的已等 {waits.hours} 小时，至少每小时重试一次："
            "检查 FIELDSVC_BLOBS_URL 的地址和密钥。",
            f"{waits.number} jobs wait for the object store, the oldest for {waits.hours} hours, and are tried again "
            "at least once an hour: check address and key (FIELDSVC_BLOBS_URL).",
        )
    if late:
        yield Finding(
            "doubtful",
            f"{late} 个后台任务等了一小时以上：fieldsvc serve 在运行吗？",
            f"{late} jobs have waited for more than an hour: is fieldsvc serve running?",
        )
    if failed:
        yield Finding("doubtful", f"{failed} 个后台任务失败。", f"{failed} jobs have failed.")


def _forms(ctx: Context) -> Iterator[Finding]:
    """Published by an earlier release, a form may hold what today's engines no longer compute; it never changes."""
    with ctx.db.read() as session:
        current = condition.is_current(session)
        in_force = form_shelf.in_force(session) if current else []
    for row in in_force:
        names = unread(cast(Definition, row.definition))
        if names:
            shown = ", ".join(names[:NAMED])
            yield Finding(
                "doubtful",
                f"表单 {row.form_id}（{row.version} 版）有 {len(names)} 处算式或格式规则已不能计算：{shown}。"
                "用 fieldsvc form check 检查它的文件，改好后发布新版本。",
                f"Form {row.form_id} (version {row.version}) holds {len(names)} expressions or patterns that are not "
                f"computed any more: {shown}. Check its file with fieldsvc form check and publish a new version.",
            )


def _backup(settings: Settings, now: datetime) -> Iterator[Finding]:
    if not settings.backup_folder:
        yield Finding(
            "doubtful",
            "没有设置备份文件夹 FIELDSVC_BACKUP_FOLDER，也就没人知道备份是否按时完成。",
            "FIELDSVC_BACKUP_FOLDER is not set, so nobody can tell whether backups are made.",
        )
        return
    hours = backup.age_hours(Path(settings.backup_folder), now)
    if hours is None:
        yield Finding("bad", "还没有备份：fieldsvc backup。", "There is no backup yet: fieldsvc backup.")
    else:
        yield Finding(
            "good" if hours < settings.backup_stale_hours else "bad",
            f"最近的备份是 {hours:.0f} 小时前。",
            f"The newest backup is {hours:.0f} hours old.",
        )
