"""Whether the standby can spare the database its long reads."""

from __future__ import annotations

from collections.abc import Iterator

from fieldsvc.services.context import Context
from fieldsvc.services.doctor.finding import Finding, good, trouble
from fieldsvc.store.standby import State

_WRONG: dict[State, tuple[str, str]] = {
    "away": ("备库连不上", "The standby does not answer"),
    "behind": ("备库落后太多", "The standby is far behind"),
    "another": ("备库的地址不是这个数据库的备库", "What is named as the standby follows another database, or none"),
}


def follows(ctx: Context) -> Iterator[Finding]:
    """How far it is, where there is one; files are made without it all the same."""
    state = ctx.db.standby()
    if state is None:
        return
    if state == "level":
        yield good("备库跟得上，订制的文件从那里读。", "The standby keeps up; ordered files are read from it.")
        return
    zh, en = _WRONG[state]
    yield trouble(
        "doubtful",
        f"{zh}，订制的文件改从主库读。",
        f"{en}: ordered files are read from the database itself.",
        do_zh="检查 FIELDSVC_STANDBY_URL，再看备库的日志和 pg_stat_replication。",
        do_en="Check FIELDSVC_STANDBY_URL, the standby's log and pg_stat_replication.",
    )
