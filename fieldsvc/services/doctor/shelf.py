"""Published forms that hold what today's engines no longer compute; a version never changes, so a new one must come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from fieldsvc.services.context import Context
from fieldsvc.services.doctor.finding import Finding, trouble
from fieldsvc.store import condition, form_shelf
from fieldsvc.xlsform.calls import unread
from fieldsvc.xlsform.definition import Definition

#: How many questions of a form are named.
NAMED = 5


def forms(ctx: Context) -> Iterator[Finding]:
    """Each form in force that an earlier release published and this one no longer computes."""
    with ctx.db.read() as session:
        in_force = form_shelf.in_force(session) if condition.release(session) == "current" else []
    for row in in_force:
        names = unread(cast(Definition, row.definition))
        if names:
            shown = ", ".join(names[:NAMED])
            yield trouble(
                "doubtful",
                f"表单 {row.form_id}（{row.version} 版）有 {len(names)} 处算式或格式规则已不能计算：{shown}。",
                f"Form {row.form_id} (version {row.version}) holds {len(names)} expressions or patterns that are not "
                f"computed any more: {shown}.",
                do_zh="用 fieldsvc form check 检查它的文件，改好后发布新版本。",
                do_en="Check its file with fieldsvc form check and publish a new version.",
            )
