"""How a decision in the office can be incomplete."""

from __future__ import annotations

from typing import ClassVar

from fieldsvc.problems.base import Problem


class CommentMissing(Problem):
    """Returning, doubting or rejecting a visit needs a word on why: the cadre reads nothing else."""

    status = 422
    code = "comment-missing"
    title: ClassVar = {"zh": "请写明原因。", "en": "Please say why."}
    remedy: ClassVar = {"zh": "写下意见，或在具体问题下批注。", "en": "Write a comment, or one at a question."}


class SecondApproval(Problem):
    """The second of two approvals was to be given by a town, or by the person who gave the first."""

    status = 403
    code = "second-approval"
    title: ClassVar = {
        "zh": "这条走访要由县级另一位审核人终审。",
        "en": "Another reviewer of the county has to approve this.",
    }
    remedy: ClassVar = {"zh": "仍可退回、存疑或不予采信。", "en": "You may still return, doubt or reject it."}


class ReasonMissing(Problem):
    """A decision between two people's values needs a reason: both of them will read it."""

    status = 422
    code = "reason-missing"
    title: ClassVar = {"zh": "请写明理由。", "en": "Please give a reason."}
    remedy: ClassVar = {"zh": "写一句为什么这样定。", "en": "Write one sentence on why."}
