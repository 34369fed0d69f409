"""A visit form and two datasets, as compiled: one question of every kind the office has to show."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def _both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _choices(**labels: tuple[str, str]) -> list[Row]:
    return [{"value": value, "label": _both(*label)} for value, label in labels.items()]


WATER = _choices(tap=("自来水", "Tap water"), well=("井水", "Well"), spring=("山泉水", "Spring"))


def _question(ref: str, kind: str, zh: str, en: str, **more: Any) -> Row:
    return {
        "name": ref.rsplit("/", 1)[-1],
        "ref": ref,
        "kind": "question",
        "type": kind,
        "label": _both(zh, en),
        **more,
    }


def _group(ref: str, zh: str, en: str, *children: Row, kind: str = "group") -> Row:
    return {
        "name": ref.rsplit("/", 1)[-1],
        "ref": ref,
        "kind": kind,
        "label": _both(zh, en),
        "children": list(children),
    }


_PEOPLE = ["p", "/", [["c", "data"], ["c", "meeting"], ["c", "people"]]]

VISIT: Row = {
    "form": "visit",
    "version": "3",
    "title": _both("入户走访记录", "Household visit"),
    "languages": ["zh", "en"],
    "default_language": "zh",
    "subject_dataset": "households",
    "root": "/data",
    "nodes": [
        {"name": "household", "ref": "/data/household", "kind": "calculate", "type": "string"},
        _group(
            "/data/meeting",
            "见面情况",
            "Meeting",
            _question("/data/meeting/met", "select_one", "见到谁", "Person met", choices="met"),
            _question("/data/meeting/phone", "string", "联系电话", "Phone"),
            _question(
                "/data/meeting/people",
                "int",
                "家庭人口",
                "People",
                soft=[
                    {
                        "test": ["=", ["p", ".", []], ["s", "4"]],
                        "message": _both("与上次登记的人数不同", "Differs from the last record"),
                        "reason": True,
                    }
                ],
            ),
            _question("/data/meeting/talked_to", "select_one", "谈话对象", "Talked to", choices="members"),
            {
                **_question("/data/meeting/agreed", "string", "", ""),
                "label": {"zh": [{"$": _PEOPLE}, " 口人都同意吗"], "en": ["Do all ", {"$": _PEOPLE}, " agree"]},
            },
            _question("/data/meeting/changes", "select_multiple", "本月家庭变化", "Changes", choices="changes"),
        ),
        _group(
            "/data/living",
            "生活条件",
            "Living",
            _question("/data/living/water", "select_one", "饮水", "Water", choices="water"),
        ),
        _group(
            "/data/needs",
            "群众诉求",
            "Requests",
            _question("/data/needs/text", "string", "诉求", "Request"),
            _question("/data/needs/amount", "decimal", "金额（元）", "Amount (yuan)"),
            kind="repeat",
        ),
        _group(
            "/data/evidence",
            "照片和定位",
            "Photos and position",
            _question("/data/evidence/house", "image", "住房外观", "House from outside"),
            _question("/data/evidence/inside", "image", "室内", "Inside"),
            _question("/data/evidence/position", "geopoint", "位置", "Position"),
        ),
        _question("/data/log", "string", "帮扶日志", "Log"),
    ],
    "choices": {
        "met": _choices(head=("户主", "Head"), member=("家庭成员", "Member"), nobody=("家中无人", "Nobody")),
        "changes": _choices(none=("无变化", "None"), work=("就业", "Work"), house=("住房", "House")),
        "water": WATER,
    },
    "instances": {},
    "entities": [
        {
            "dataset": "households",
            "path": "/data",
            "id": ["p", "/", [["c", "data"], ["c", "household"]]],
            "update": True,
            "saves": {
                "phone": "/data/meeting/phone",
                "people": "/data/meeting/people",
                "water": "/data/living/water",
            },
        }
    ],
}


def _property(name: str, zh: str, en: str, policy: str, kind: str = "string", **more: Any) -> Row:
    return {"name": name, "type": kind, "label": _both(zh, en), "policy": policy, **more}


DATASETS: list[Row] = [
    {
        "name": "households",
        "label": _both("农户", "Household"),
        "properties": [
            _property("hh_no", "户编号", "Household number", "immutable"),
            _property("hamlet", "村民小组", "Hamlet", "review"),
            _property("people", "家庭人口", "People", "review", "int"),
            _property("water", "饮水", "Water", "review", "select_one", choices=WATER),
            _property("phone", "联系电话", "Phone", "review", sensitivity="personal"),
            _property("home_gps", "家庭位置", "Home point", "geo_best", "geopoint"),
            _property("bank", "开户行", "Bank", "review", group="account"),
            _property("account_no", "账号", "Account number", "review", group="account"),
        ],
    },
    {
        "name": "members",
        "label": _both("家庭成员", "Member"),
        "properties": [
            _property("relation", "与户主关系", "Relation", "review"),
            _property("id_no", "证件号码", "ID number", "review", sensitivity="personal"),
        ],
    },
]
