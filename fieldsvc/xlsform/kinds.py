"""What the types of questions and properties are called by whoever fills in a spreadsheet.

The engine's own words (`string`, `select_one`) are JavaRosa's. A clerk knows 文本 and 单选.
"""

from __future__ import annotations

from collections.abc import Mapping

from fieldsvc.xlsform.definition import NodeDefinition

#: By the engine's word: Chinese, English.
WORDS: dict[str, tuple[str, str]] = {
    "string": ("文本", "text"),
    "int": ("整数", "whole number"),
    "decimal": ("小数", "decimal number"),
    "date": ("日期", "date"),
    "time": ("时间", "time"),
    "dateTime": ("日期和时间", "date and time"),
    "select_one": ("单选", "one choice"),
    "select_multiple": ("多选", "several choices"),
    "rank": ("排序", "ranking"),
    "trigger": ("确认", "box to tick"),
    "geopoint": ("定位", "position"),
    "geotrace": ("路线", "line on the ground"),
    "geoshape": ("地块", "area on the ground"),
    "barcode": ("条码", "barcode"),
    "image": ("照片", "photo"),
    "signature": ("签字", "signature"),
    "audio": ("录音", "sound"),
    "video": ("录像", "film"),
    "file": ("文件", "file"),
    "note": ("说明文字", "note"),
    "calculate": ("计算", "calculation"),
    "group": ("题组", "group"),
    "repeat": ("重复题组", "repeat"),
}


def kind_of(node: NodeDefinition) -> str:
    """The engine's word for what a node is: its type where it is asked, else what it is instead."""
    return node.get("type", "string") if node["kind"] == "question" else node["kind"]


def called(kind: str) -> Mapping[str, str]:
    """The engine's word for a type in the words of its author, in both languages; an unknown one as it stands."""
    zh, en = WORDS.get(kind, (kind, kind))
    return {"zh": zh, "en": en}
