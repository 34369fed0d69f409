"""What the county's data says: database, clock, jobs, object store and backup."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from fieldsvc.config import Settings
from fieldsvc.services import backup, store_watch
from fieldsvc.services.context import Context
from fieldsvc.services.doctor.finding import Finding, good, trouble
from fieldsvc.store import condition

_STORE = {
    "do_zh": "检查 FIELDSVC_BLOBS_URL 的地址、密钥、存储桶和剩余空间；原因在日志里。",
    "do_en": "Check address, key, bucket and room (FIELDSVC_BLOBS_URL; the log says why).",
}


def files(ctx: Context) -> Iterator[Finding]:
    """Whether an object store takes photos."""
    if not ctx.settings.blobs_url:
        return
    if ctx.blobs.is_writable():
        yield good("照片存储可以写入。", "The object store takes photos.")
    else:
        yield trouble("bad", "照片存储写不进去。", "The object store takes no photos.", **_STORE)


def database(ctx: Context) -> Iterator[Finding]:
    """Whether it is whole, and of this release."""
    with ctx.db.read() as session:
        release = condition.release(session)
        problem = condition.damage(session) if release == "current" else None
    if problem:
        yield trouble(
            "bad",
            f"数据库文件损坏：{problem}。",
            f"The database file is damaged: {problem}.",
            do_zh="请停止服务并从备份恢复，见 docs/operating.md。",
            do_en="Stop the server and restore a backup (docs/operating.md).",
        )
    elif release == "none":
        yield trouble(
            "doubtful",
            "数据库还没有建立。",
            "There is no database yet.",
            do_zh="新建一个县用 fieldsvc init；有备份则用 fieldsvc restore。",
            do_en="Begin a county with fieldsvc init or, where there is a backup, with fieldsvc restore.",
        )
    elif release == "older":
        yield trouble(
            "doubtful",
            "数据库是旧版本的。",
            "The database is of an older release.",
            do_zh="先 fieldsvc backup，再 systemctl reload fieldsvc：启动时会自动升级。",
            do_en="fieldsvc backup, then systemctl reload fieldsvc: starting brings it up to date.",
        )
    elif release == "newer":
        yield trouble(
            "bad",
            "数据库已被更新的版本升级过，这里装的程序旧了，下次启动会失败。",
            "A newer release has been at work on the database: the program installed here will not start again.",
            do_zh="/opt/fieldsvc/bin/pip install --upgrade fieldsvc，然后 systemctl reload fieldsvc。",
            do_en="/opt/fieldsvc/bin/pip install --upgrade fieldsvc, then systemctl reload fieldsvc.",
        )
    else:
        yield good("数据库完好，版本最新。", "The database is whole and of this release.")


def clock(ctx: Context, now: datetime) -> Iterator[Finding]:
    """Whether the clock has gone back behind what has arrived."""
    with ctx.db.read() as session:
        known = condition.release(session) == "current"
        latest = condition.latest_receipt(session) if known else None
    is_wrong = now.year < 2025 or bool(latest and latest > now.timestamp() * 1000 + 60_000)
    yield trouble(
        "bad" if is_wrong else "good",
        f"时钟 {now:%Y-%m-%d %H:%M} UTC{'，可能错了：比最近收到的走访还早' if is_wrong else ''}。",
        f"The clock says {now:%Y-%m-%d %H:%M} UTC{', before the last visit arrived: it is wrong' if is_wrong else ''}.",
        do_zh="timedatectl set-ntp true；内网请指定一台时间服务器，再重启服务。",
        do_en="timedatectl set-ntp true, on an intranet with a time server of its own; then restart the server.",
    )


def jobs(ctx: Context) -> Iterator[Finding]:
    """What the worker has not done."""
    with ctx.db.read() as session:
        if condition.release(session) != "current":
            return
        failed, late = condition.jobs(session, ctx.now_ms())
        waits = store_watch.waiting(ctx, session)
    if waits.number:
        yield trouble(
            "bad" if waits.is_alarm else "doubtful",
            f"{waits.number} 个后台任务在等照片存储，最久的已等 {waits.hours} 小时，至少每小时重试一次。",
            f"{waits.number} jobs wait for the object store, the oldest for {waits.hours} hours, and are tried again "
            "at least once an hour.",
            **_STORE,
        )
    if late:
        yield trouble(
            "doubtful",
            f"{late} 个后台任务等了一小时以上。",
            f"{late} jobs have waited for more than an hour.",
            do_zh="看 fieldsvc serve 是否在运行：systemctl status fieldsvc。",
            do_en="See whether fieldsvc serve runs: systemctl status fieldsvc.",
        )
    if failed:
        yield trouble(
            "doubtful",
            f"{failed} 个后台任务失败。",
            f"{failed} jobs have failed.",
            do_zh="原因在日志里：journalctl -u fieldsvc | grep 'job failed'。照片和走访本身都在。",
            do_en="journalctl -u fieldsvc | grep 'job failed' says why. Photos and visits are here all the same.",
        )


def backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether last night's backup is there, and tonight's can be written."""
    if not settings.database_url.startswith("sqlite:///"):
        yield good("PostgreSQL 用自己的工具备份（pg_dump）。", "PostgreSQL has tools of its own for backups (pg_dump).")
        return
    if not settings.backup_folder:
        yield trouble(
            "doubtful",
            "没有设置备份文件夹，也就没人知道备份是否按时完成。",
            "No folder for backups is set, so nobody can tell whether they are made.",
            do_zh="请设 FIELDSVC_BACKUP_FOLDER，最好在另一台机器上。",
            do_en="Set FIELDSVC_BACKUP_FOLDER, best on another machine.",
        )
        return
    folder = Path(settings.backup_folder)
    if folder.exists() and not os.access(folder, os.W_OK):
        yield trouble(
            "bad",
            f"备份文件夹 {folder} 写不进去。",
            f"The folder for backups, {folder}, cannot be written.",
            do_zh="检查它是否已挂载、属于谁，以及 systemd 单元的 ReadWritePaths。",
            do_en="See whether it is mounted, whose it is, and that ReadWritePaths in the systemd unit names it.",
        )
    hours = backup.age_hours(folder, now)
    how = {
        "do_zh": "运行 fieldsvc backup，再看 journalctl -u fieldsvc -u fieldsvc-backup 为什么没有按时做。",
        "do_en": "Run fieldsvc backup; journalctl -u fieldsvc -u fieldsvc-backup says why none was made.",
    }
    if hours is None:
        yield trouble("bad", "还没有备份。", "There is no backup yet.", **how)
    else:
        yield trouble(
            "good" if hours < settings.backup_stale_hours else "bad",
            f"最近的备份是 {hours:.0f} 小时前。",
            f"The newest backup is {hours:.0f} hours old.",
            **how,
        )
