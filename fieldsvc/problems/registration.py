"""What speaks against work about a household that was registered on a phone."""

from __future__ import annotations

from typing import ClassVar

from fieldsvc.problems.base import Problem


class RegistrationWaits(Problem):
    """It is about a household whose registration waits for a person: without that there is nothing to write it in."""

    status = 409
    code = "registration-waits"
    title: ClassVar = {
        "zh": "这户的登记还在等主管处理。",
        "en": "The registration of this household waits for a supervisor.",
    }
    remedy: ClassVar = {
        "zh": "内容已收到：登记采纳后自动处理。",
        "en": "It was received, and is decided by itself once the registration is accepted.",
    }


class RegistrationDeclined(Problem):
    """It is about a household whose registration took no effect, so that there is nothing to write it in."""

    status = 409
    code = "registration-declined"
    title: ClassVar = {
        "zh": "这户的登记没有被采纳。",
        "en": "The registration of this household was not accepted.",
    }
    remedy: ClassVar = {
        "zh": "内容已保留。确有这一户的，请重新登记。",
        "en": "It is kept. If there is such a household, register it again.",
    }


class VillageKept(Problem):
    """The registration of a household that is in the register was sent again with another village."""

    status = 409
    code = "village-kept"
    title: ClassVar = {
        "zh": "已登记的户不能这样改村。",
        "en": "A household in the register is not moved to another village like this.",
    }
    remedy: ClassVar = {
        "zh": "内容已保留，没有生效。村登记错了：撤回登记，到正确的村重新登记；其他更正：村照旧，再改一次。",
        "en": "It is kept and has no effect. Is the village wrong, withdraw the registration and register in the right "
        "one; for anything else correct it again with the village as it was.",
    }
