"""Which guard of a process a move breaks. Nothing is lost: the move waits, and a supervisor may let it stand.

The class says the rule in general; the problem as sent says it with the stage, the days and the amounts of the case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from fieldsvc.problems.base import Problem

_WAITS: dict[str, str] = {
    "zh": "内容已收到，由主管处理；能补的请补齐后再报。",
    "en": "It was received; a supervisor decides. Report again once it is complete.",
}


class ProcessBroken(Problem):
    """A record was to move against a rule of its process."""

    status = 422
    code = "process-broken"
    title: ClassVar = {"zh": "不符合流程规定。", "en": "This is against a rule of the process."}
    remedy: ClassVar = _WAITS

    def __init__(self, sentences: Sequence[Mapping[str, str]] = (), **details: Any) -> None:
        """`sentences`: every rule that is broken, in both languages, with the figures of this case."""
        super().__init__(**details)
        self.sentences = list(sentences)

    def as_json(self, request_id: str | None = None) -> dict[str, Any]:
        """The body of the answer; its title names what is broken in this case."""
        body = super().as_json(request_id)
        if self.sentences:
            zh = "；".join(one["zh"] for one in self.sentences) + "。"
            body["title"] = {"zh": zh, "en": "; ".join(one["en"] for one in self.sentences) + "."}
        return body


class ProcessOrder(ProcessBroken):
    """A stage was passed over, or the record was to go where the process knows no way: the order was not kept."""

    code = "process-order"
    title: ClassVar = {"zh": "阶段顺序不对。", "en": "The stages are out of order."}


class ProcessDate(ProcessBroken):
    """A step is dated before the one it follows, or on a day that has not come."""

    code = "process-date"
    title: ClassVar = {"zh": "阶段日期先后不对。", "en": "The dates of the steps are out of order."}
    remedy: ClassVar = {
        "zh": "内容已收到，由主管处理；日期写错的请更正后再报。",
        "en": "It was received; a supervisor decides. If the date is wrong, correct it and report again.",
    }


class ProcessEvidence(ProcessBroken):
    """What a stage needs is missing: a date, a value or a photo."""

    code = "process-evidence"
    title: ClassVar = {"zh": "缺少必备材料。", "en": "Something the stage needs is missing."}


class ProcessPerson(ProcessBroken):
    """Whoever moved it may not: the role is missing, or it must be somebody else."""

    status = 403
    code = "process-person"
    title: ClassVar = {"zh": "办理人不符合规定。", "en": "This step is for somebody else."}
    remedy: ClassVar = {
        "zh": "内容已收到；请由有权办理的另一位同志确认。",
        "en": "It was received; somebody who may has to confirm it.",
    }


class ProcessNotice(ProcessBroken):
    """A public notice has not hung as long as it must."""

    code = "process-notice"
    title: ClassVar = {"zh": "公示时间不够。", "en": "The notice has not hung long enough."}


class ProcessMoney(ProcessBroken):
    """Payments exceed what there is, come too early, or are no amount in whole fen."""

    code = "process-money"
    title: ClassVar = {"zh": "金额不符合规定。", "en": "The amounts break a rule."}
    remedy: ClassVar = {
        "zh": "内容已收到，由主管核对全部拨付记录后处理。",
        "en": "It was received; a supervisor checks all payments and decides.",
    }


class ProcessClause(ProcessBroken):
    """No ground of the rule table is fulfilled, or something rules it out."""

    code = "process-clause"
    title: ClassVar = {"zh": "不符合认定条件。", "en": "The conditions are not fulfilled."}


class OwnOverride(Problem):
    """A step that somebody else has to do was to be let through by the person who did it."""

    status = 403
    code = "own-override"
    title: ClassVar = {"zh": "不能批准自己办理的这一步。", "en": "You cannot let your own step through."}
    remedy: ClassVar = {"zh": "请另一位主管处理。", "en": "Ask another supervisor."}
