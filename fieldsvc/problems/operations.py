"""What can be wrong with one operation, and why one waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from fieldsvc.problems.base import Problem


class OperationIdReused(Problem):
    """An operation id came back with other bytes than the first time. The first stays as it was.

    It means a phone changed something after it had been sent, or two phones share an installation.
    """

    status = 409
    code = "operation-id-reused"
    title: ClassVar = {
        "zh": "同一编号先后送来两份不同的内容。",
        "en": "One id was used for two different operations.",
    }
    remedy: ClassVar = {
        "zh": "内容保留在手机上，请联系管理员。",
        "en": "It stays on the phone; ask the office.",
    }


class OperationMalformed(Problem):
    """One operation of a push cannot be understood; the others are not affected."""

    code = "operation-malformed"
    title: ClassVar = {"zh": "这条记录格式有误。", "en": "This operation is not well formed."}


class OperationTooLarge(Problem):
    """One operation is larger than any form can need."""

    status = 413
    code = "operation-too-large"
    title: ClassVar = {"zh": "这条记录太大。", "en": "This operation is too large."}


class AuthorMismatch(Problem):
    """The operation's author is not who the token belongs to: another person signed in on this phone."""

    status = 403
    code = "author-mismatch"
    title: ClassVar = {"zh": "这条记录由另一位同志填写。", "en": "This was written by another person."}
    remedy: ClassVar = {"zh": "请本人登录后发送。", "en": "It is sent once that person signs in again."}


class FormVersionUnknown(Problem):
    """The submission names a form version this server has never published.

    Nothing is lost: the bytes are kept, and decided once this version is published here.
    """

    status = 409
    code = "form-version-unknown"
    title: ClassVar = {
        "zh": "服务器上没有这个版本的表单。",
        "en": "This phone has a form the server does not know.",
    }


class TargetUnknown(Problem):
    """What the operation refers to (a dataset, a submission to withdraw) is not known here."""

    status = 409
    code = "target-unknown"
    title: ClassVar = {"zh": "找不到所指的对象。", "en": "What this refers to is not known here."}


class OperationFailed(Problem):
    """The server itself failed on this one operation; it was kept, and the others went on without it."""

    status = 500
    code = "operation-failed"
    title: ClassVar = {"zh": "服务器处理这条记录时出错。", "en": "The server failed on this operation."}
    remedy: ClassVar = {"zh": "内容已保留，管理员会处理。", "en": "It is kept; the office will look at it."}


class CarriedUnproven(Problem):
    """It came in a backup file that does not prove whose phone made it; anybody could have written it."""

    status = 403
    code = "carried-unproven"
    title: ClassVar = {
        "zh": "由备份文件带来，文件不能证明出自谁的手机。",
        "en": "It came in a backup file that does not prove whose phone made it.",
    }
    remedy: ClassVar = {
        "zh": "请向填写人核实后再采纳。",
        "en": "Ask its author before accepting it.",
    }


class FromLostPhone(Problem):
    """The office had signed the phone out as lost; this is what it still held, taken in one last time."""

    status = 403
    code = "from-lost-phone"
    title: ClassVar = {
        "zh": "来自已注销的手机，可能不是本人所填。",
        "en": "It came from a phone that was signed out; somebody else may have filled it in.",
    }
    remedy: ClassVar = {"zh": "请向填写人核实后再采纳。", "en": "Ask its author before accepting it."}


class OutOfScope(Problem):
    """The author did not hold the household (any more) when this was made. Kept for a supervisor, never dropped."""

    status = 403
    code = "out-of-scope"
    title: ClassVar = {"zh": "这户当时不在您的名单里。", "en": "This household was not on your list."}
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class Elsewhere(Problem):
    """A household was registered in a village its author does not work in, or one that nobody knows."""

    status = 403
    code = "elsewhere"
    title: ClassVar = {
        "zh": "您不负责所选的村，不能在那里登记新户。",
        "en": "A new household can only be registered in a village you work in.",
    }
    remedy: ClassVar = {
        "zh": "内容已收到：点“修改”另选一个村，或请主管采纳。",
        "en": "It was received: press Correct it to choose another village, or ask a supervisor to accept it.",
    }


class OwnFile(Problem):
    """A phone wanted to make somebody's file of their own, or a record in its place: whoever made it would read it."""

    status = 403
    code = "own-file"
    title: ClassVar = {"zh": "本人档案不能由手机建立。", "en": "No phone opens a file of somebody's own."}
    remedy: ClassVar = {
        "zh": "请管理员在“人员”页面为本人开通。",
        "en": "An administrator opens it on that person's page.",
    }


class RuleBroken(Problem):
    """The answers break a rule of the form, or an entity is not what the operation takes it for."""

    status = 422
    code = "rule-broken"
    title: ClassVar = {"zh": "内容不符合表单规则。", "en": "The answers break a rule of the form."}
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class OutsideCounty(Problem):
    """A home point was moved on a phone to where this county is not."""

    status = 422
    code = "outside-county"
    title: ClassVar = {"zh": "位置不在本县范围内。", "en": "The place is not in this county."}
    remedy: ClassVar = {
        "zh": "内容已收到，由主管处理；请到门口重新定位。",
        "en": "It was received; a supervisor decides. Take the position again at the door.",
    }


class EntityDeleted(Problem):
    """What the operation edits has been deleted meanwhile; it is not brought back without a person."""

    status = 409
    code = "entity-deleted"
    title: ClassVar = {"zh": "这条记录已被删除。", "en": "This record has been deleted."}
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class HouseholdClosed(Problem):
    """It needs a household that is in the register: giving a closed one to somebody, sending back a visit of it, or
    accepting what waits about somebody or something in it.
    """

    status = 409
    code = "household-closed"
    title: ClassVar = {"zh": "这户已注销。", "en": "This household is closed."}
    remedy: ClassVar = {
        "zh": "须先恢复这户：采纳一次对这户档案的走访或更正。",
        "en": "The household has to come back first: accept a visit or a correction of its own record.",
    }


class EntityUnknown(Problem):
    """What the operation edits was never heard of here."""

    status = 409
    code = "entity-unknown"
    title: ClassVar = {"zh": "服务器上没有这条记录。", "en": "The server has no such record."}
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class ChangedSince(Problem):
    """A deletion of something that was edited meanwhile, or a withdrawal of what began a household with visits or
    people that do not go with it.
    """

    status = 409
    code = "changed-since"
    title: ClassVar = {"zh": "之后又有走访或改动。", "en": "It was visited or changed meanwhile."}
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class Withdrawn(Problem):
    """The visit was taken back by its author before it took effect."""

    status = 409
    code = "withdrawn"
    title: ClassVar = {"zh": "已撤回。", "en": "This was taken back."}
    remedy: ClassVar = {"zh": "无需处理。", "en": "Nothing is to be done."}


class Replaced(Problem):
    """The visit was amended before it took effect, and the amendment says it all."""

    status = 409
    code = "replaced"
    title: ClassVar = {"zh": "已由更正后的走访代替。", "en": "An amended visit took its place."}
    remedy: ClassVar = {"zh": "无需处理，以更正后的为准。", "en": "Nothing is to be done; the amended one stands."}


class AmendedSince(Problem):
    """The visit that this amends or takes back was amended meanwhile on another phone; both words are kept."""

    status = 409
    code = "amended-since"
    title: ClassVar = {
        "zh": "这次走访已有另一份更正。",
        "en": "This visit was amended elsewhere meanwhile.",
    }
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class DeclinedByOffice(Problem):
    """A supervisor read it and decided that it shall not take effect. It is kept."""

    status = 409
    code = "declined"
    title: ClassVar = {"zh": "主管决定不采用。", "en": "A supervisor decided against it."}
    remedy: ClassVar = {"zh": "有疑问请联系主管。", "en": "Ask the supervisor."}


class NotUnique(Problem):
    """There may be only one such record (a plan for a household and year, an identity number in the county), and it is
    there already: another phone without a network wrote it too. Both are kept; `record` stands, `other` waits.
    """

    status = 409
    code = "not-unique"
    title: ClassVar = {
        "zh": "同样的记录已经有了，只能有一条。",
        "en": "There is such a record already, and only one may be.",
    }
    remedy: ClassVar = {
        "zh": "内容已收到，由主管核对两条记录后决定。",
        "en": "It was received; a supervisor compares the two and decides.",
    }

    @classmethod
    def between(
        cls, dataset: str, names: Sequence[str], *, standing: tuple[str, str], waiting: tuple[str, str]
    ) -> NotUnique:
        """The problem of two records, each as `(id, label)`."""
        return cls(
            dataset=dataset,
            names=list(names),
            record=standing[0],
            record_label=standing[1],
            other=waiting[0],
            other_label=waiting[1],
        )

    def as_json(self, request_id: str | None = None) -> dict[str, Any]:
        """The body of the answer; its title names both records."""
        body = super().as_json(request_id)
        standing, waiting = self.details.get("record_label"), self.details.get("other_label")
        if standing and waiting:
            body["title"] = {
                "zh": f"「{standing}」已经有了，「{waiting}」与它重复：同样的记录只能有一条。",
                "en": f"“{standing}” is there already and “{waiting}” doubles it: there may be only one.",
            }
        return body
