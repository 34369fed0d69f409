"""What a person reads when a move breaks a guard: which rule, in both languages, with the figures of this case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fieldsvc.processes.model import Process, Stage, Text
from fieldsvc.processes.money import yuan


class Guard(StrEnum):
    """The kinds of guard. The problem codes of the server are these with `process-` before them."""

    ORDER = "order"
    DATE = "date"
    EVIDENCE = "evidence"
    PERSON = "person"
    NOTICE = "notice"
    MONEY = "money"
    CLAUSE = "clause"


@dataclass(frozen=True, slots=True)
class Finding:
    """One guard that a move breaks, at which stage, and the sentence for people."""

    guard: Guard
    stage: str
    sentence: Text


def _say(guard: Guard, stage: Stage | None, zh: str, en: str) -> Finding:
    return Finding(guard, stage.code if stage else "", {"zh": zh, "en": en})


def unknown_stage(code: str | None) -> Finding:
    """The stage is blanked, or none of the process."""
    shown = code or "–"
    return _say(Guard.ORDER, None, f"没有「{shown}」这个阶段", f"There is no stage “{shown}”")


def not_from(before: Stage | None, after: Stage) -> Finding:
    """There is no way from the one to the other."""
    here = before.label if before else {"zh": "未开始", "en": "not begun"}
    return _say(
        Guard.ORDER,
        after,
        f"「{here['zh']}」不能直接到「{after.label['zh']}」",
        f"“{after.label['en']}” does not follow “{here['en']}”",
    )


def skipped(stage: Stage) -> Finding:
    """A stage in between was passed over."""
    return _say(
        Guard.ORDER,
        stage,
        f"跳过了「{stage.label['zh']}」，没有日期",
        f"“{stage.label['en']}” was passed over: it has no date",
    )


def no_date(process: Process, stage: Stage) -> Finding:
    """The stage's own date is missing."""
    named = process.called(stage.date or "")
    return _say(
        Guard.EVIDENCE,
        stage,
        f"「{stage.label['zh']}」缺少{named['zh']}",
        f"“{stage.label['en']}” lacks: {named['en']}",
    )


def earlier_than(stage: Stage, day: date, before: Stage, its_day: date) -> Finding:
    """A step dated before the one it follows."""
    return _say(
        Guard.DATE,
        stage,
        f"「{stage.label['zh']}」({day})早于「{before.label['zh']}」({its_day})",
        f"“{stage.label['en']}” ({day}) is dated before “{before.label['en']}” ({its_day})",
    )


def in_the_future(stage: Stage, day: date) -> Finding:
    """A step dated after the day it was reported."""
    return _say(
        Guard.DATE,
        stage,
        f"「{stage.label['zh']}」的日期 {day} 还没有到",
        f"“{stage.label['en']}” is dated {day}, which has not come yet",
    )


def lacks(process: Process, stage: Stage, names: tuple[str, ...]) -> Finding:
    """None of these properties holds anything."""
    zh = "或".join(process.called(name)["zh"] for name in names)
    en = " or ".join(process.called(name)["en"] for name in names)
    return _say(Guard.EVIDENCE, stage, f"「{stage.label['zh']}」缺少{zh}", f"“{stage.label['en']}” lacks: {en}")


def lacks_photo(process: Process, stage: Stage, slot: str) -> Finding:
    """No photo in this slot has arrived with the record."""
    name = process.slots[slot]
    return _say(
        Guard.EVIDENCE,
        stage,
        f"「{stage.label['zh']}」缺少照片：{name['zh']}",
        f"“{stage.label['en']}” lacks a photo: {name['en']}",
    )


def not_by(stage: Stage, names: Text) -> Finding:
    """The mover has none of the roles that may do this."""
    return _say(
        Guard.PERSON,
        stage,
        f"「{stage.label['zh']}」只能由{names['zh']}办理",
        f"“{stage.label['en']}” is for {names['en']} only",
    )


def same_person(stage: Stage, other: Text) -> Finding:
    """The mover is the very person who may not be."""
    return _say(
        Guard.PERSON,
        stage,
        f"「{stage.label['zh']}」不能由「{other['zh']}」本人办理",
        f"“{stage.label['en']}” must be done by somebody else than “{other['en']}”",
    )


def same_value(stage: Stage, one: Text, other: Text) -> Finding:
    """Two properties name one person."""
    return _say(
        Guard.PERSON,
        stage,
        f"「{one['zh']}」和「{other['zh']}」不能是同一人",
        f"“{one['en']}” and “{other['en']}” must be different people",
    )


def too_soon(stage: Stage, since: Text, days: int, working: bool, earliest: date) -> Finding:
    """The notice has not hung long enough."""
    unit = ("个工作日", "working days") if working else ("天", "days")
    return _say(
        Guard.NOTICE,
        stage,
        f"「{since['zh']}」不足 {days} {unit[0]}，最早 {earliest} 可到「{stage.label['zh']}」",
        f"“{since['en']}” lasts {days} {unit[1]}: “{stage.label['en']}” from {earliest} on",
    )


def too_much(process: Process, name: str, paid: int, most: int) -> Finding:
    """More was paid than there is."""
    called = process.called(name)
    return _say(
        Guard.MONEY,
        None,
        f"合计 {yuan(paid)} 元，超过{called['zh']} {yuan(most)} 元",
        f"{yuan(paid)} yuan in all, more than {called['en']}: {yuan(most)} yuan",
    )


def of_unknown(process: Process, name: str, paid: int) -> Finding:
    """Paid out of what nobody has entered."""
    called = process.called(name)
    return _say(
        Guard.MONEY,
        None,
        f"已拨付 {yuan(paid)} 元，但没有登记{called['zh']}",
        f"{yuan(paid)} yuan paid, and nobody entered: {called['en']}",
    )


def not_in_fen(text: str) -> Finding:
    """An amount that is no whole number of fen."""
    return _say(Guard.MONEY, None, f"金额「{text}」不是精确到分的数", f"“{text}” is no amount in whole fen")


def paid_early(until: Stage, most: int | None) -> Finding:
    """Paid before the stage at which it may be, and not as an advance that is allowed."""
    if most is None:
        return _say(
            Guard.MONEY,
            until,
            f"「{until.label['zh']}」之前不能拨付这类款项",
            f"this kind of payment follows “{until.label['en']}”",
        )
    return _say(
        Guard.MONEY,
        until,
        f"「{until.label['zh']}」之前最多预付 {yuan(most)} 元",
        f"at most {yuan(most)} yuan before “{until.label['en']}”",
    )


def no_clause(stage: Stage, limits_missing: tuple[str, ...]) -> Finding:
    """No ground of the rule table holds."""
    missing_zh = f"（缺少标准：{'、'.join(limits_missing)}）" if limits_missing else ""
    missing_en = f" (limits nobody entered: {', '.join(limits_missing)})" if limits_missing else ""
    return _say(
        Guard.CLAUSE,
        stage,
        f"不符合任何一条认定条件{missing_zh}",
        f"none of the conditions is fulfilled{missing_en}",
    )


def ruled_out(process: Process, stage: Stage, against: tuple[str, ...]) -> Finding:
    """Something stands against it whatever the grounds."""
    names = sorted({each.partition("=")[0] for each in against})
    zh = "、".join(process.called(name)["zh"] for name in names)
    en = ", ".join(process.called(name)["en"] for name in names)
    return _say(Guard.CLAUSE, stage, f"存在{zh}情形", f"ruled out by: {en}")
