"""What can stand in the way of a change among the people who use the system."""

from __future__ import annotations

from typing import ClassVar

from fieldsvc.problems.base import Problem


class LastAdministrator(Problem):
    """After this nobody could administer the whole county any more, not even to undo it."""

    status = 409
    code = "last-administrator"
    title: ClassVar = {
        "zh": "这是最后一位能登录的全县管理员。",
        "en": "This is the last administrator of the county who can sign in.",
    }
    remedy: ClassVar = {
        "zh": "先给另一个人全县管理员的角色和密码。",
        "en": "First give somebody else the role in the whole county, and a password.",
    }


class StillAssigned(Problem):
    """The person still has households to visit; without a handover nobody would notice that they are nobody's."""

    status = 409
    code = "still-assigned"
    title: ClassVar = {"zh": "名下还有结对的农户。", "en": "Households are still assigned to this person."}
    remedy: ClassVar = {"zh": "先交接或结束结对，再停用。", "en": "Hand them over or end the assignments first."}


class LoginTaken(Problem):
    """Another person signs in with this staff number or phone number; two could not be told apart at the door."""

    status = 409
    code = "login-taken"
    title: ClassVar = {
        "zh": "工号或手机号已经有人使用。",
        "en": "Another person has this staff number or phone number.",
    }
    remedy: ClassVar = {"zh": "核对号码；同一个人不要建两次。", "en": "Check the number; nobody needs two entries."}


class TakerUnknown(Problem):
    """Households were to be given to somebody who does not work here, or to the person who has them already."""

    status = 422
    code = "taker-unknown"
    title: ClassVar = {"zh": "找不到接手的人。", "en": "Who takes over was not found."}
    remedy: ClassVar = {
        "zh": "填写在岗人员的工号或手机号，不能是本人。",
        "en": "Give the staff or phone number of somebody at work, other than the giver.",
    }
