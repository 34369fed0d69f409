"""A form of any length for measuring: blocks as a real form has them, with conditions, rules, sums and a repeat."""

from __future__ import annotations

from fieldsvc.xlsform import compile_form

#: Questions in one block, without the two calculations.
BLOCK = 60
_HEAD = (
    "| | type | name | label::中文 (zh) | label::English (en) | relevant | constraint | calculation | choice_filter"
    " | required | repeat_count | bind::fs:prefill |"
)


def source(questions: int) -> str:
    """The form in Markdown: as many blocks as fit, plain questions for the rest."""
    rows = ["| | hidden | household | | | | | | | | | __id |"]
    blocks, rest = divmod(questions, BLOCK)
    for block in range(blocks):
        rows += _block(block)
    rows += [_row("text", f"plain_{number}", f"补充 {number}") for number in range(rest)]
    choices = [f"| | yn | {code} | {zh} | {en} | |" for code, zh, en in (("yes", "是", "Yes"), ("no", "否", "No"))]
    choices += [f"| | town | t{n} | 乡镇 {n} | Town {n} | |" for n in range(8)]
    choices += [f"| | village | v{n} | 村 {n} | Village {n} | t{n % 8} |" for n in range(40)]
    named = f"| | 长表 {questions} / Long form {questions} | long_{questions} | 1 | 中文 (zh)"
    settings = f'{named} | households | fs="urn:fieldsvc:forms" |'
    return "\n".join(
        [
            "| survey |",
            _HEAD,
            *rows,
            "| choices |",
            "| | list_name | name | label::中文 (zh) | label::English (en) | town |",
            *choices,
            "| settings |",
            "| | form_title | form_id | version | default_language | subject_dataset | namespaces |",
            settings,
        ]
    )


def definition(questions: int) -> dict[str, object]:
    """The compiled form."""
    return dict(compile_form(source(questions), "long.md").definition)


def _row(kind: str, name: str, label: str = "", **more: str) -> str:
    columns = ("relevant", "constraint", "calculation", "choice_filter", "required", "repeat_count", "prefill")
    cells = [kind, name, label, label and f"{label} ({name})", *(more.get(column, "") for column in columns)]
    return f"| | {' | '.join(cells)} |"


def _block(b: int) -> list[str]:
    rows = [
        _row("begin group", f"block_{b}", f"第 {b + 1} 部分"),
        _row("text", f"name_{b}", "姓名", required="yes"),
        _row("integer", f"people_{b}", "人口", constraint=". > 0 and . < 20"),
        _row("select_one town", f"town_{b}", "乡镇"),
        _row("select_one village", f"village_{b}", "村", choice_filter=f"town = ${{town_{b}}}"),
        _row("geopoint", f"place_{b}", "位置"),
        _row("image", f"photo_{b}", "照片"),
    ]
    for n in range(10):
        rows.append(_row("select_one yn", f"has_{b}_{n}", f"有无 {n}"))
        rows.append(_row("text", f"more_{b}_{n}", f"说明 {n}", relevant=f"${{has_{b}_{n}}} = 'yes'"))
    for n in range(5):
        rows.append(_row("decimal", f"amount_{b}_{n}", f"金额 {n}", constraint=". >= 0"))
    rows += [_row("text", f"note_{b}_{n}", f"记录 {n}") for n in range(24)]
    total = " + ".join(f"coalesce(${{amount_{b}_{n}}}, 0)" for n in range(5))
    rows += [
        _row("calculate", f"total_{b}", calculation=total),
        _row("calculate", f"greeting_{b}", calculation=f"concat(${{name_{b}}}, '：', ${{total_{b}}})"),
        _row("begin repeat", f"member_{b}", "成员"),
        _row("text", f"who_{b}", "谁"),
        _row("integer", f"age_{b}", "年龄", constraint=". < 120"),
        _row("select_one yn", f"school_{b}", "在校"),
        _row("text", f"grade_{b}", "年级", relevant=f"${{school_{b}}} = 'yes'"),
        _row("decimal", f"earns_{b}", "收入"),
        _row("end repeat", f"member_{b}"),
        _row("end group", f"block_{b}"),
    ]
    return rows
