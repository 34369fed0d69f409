"""Who may come in: tokens, passwords, enrolment codes."""

from __future__ import annotations

from typing import ClassVar

from fieldsvc.problems.base import Problem


class TokenUnknown(Problem):
    """No token, or one this server never gave out."""

    status = 401
    code = "token-unknown"
    title: ClassVar = {"zh": "请先登录。", "en": "Please sign in."}
    remedy: ClassVar = {
        "zh": "重新登录。手机上未发送的内容不会丢失。",
        "en": "Sign in again. Nothing unsent on the phone is lost.",
    }


class TokenExpired(TokenUnknown):
    """The device was signed out, by its owner or by an administrator."""

    code = "token-expired"
    title: ClassVar = {"zh": "登录已失效。", "en": "This device has been signed out."}


class DeviceRevoked(TokenUnknown):
    """The office signed this phone out, because it was lost. It forgets what it fetched, not what it has to send."""

    code = "device-revoked"
    title: ClassVar = {"zh": "办公室已停用这部手机。", "en": "The office has signed this phone out."}
    remedy: ClassVar = {
        "zh": "农户资料已清除。没上传的还在，您重新登录后上传。",
        "en": "Its households were cleared. What was not sent is still here and goes once you sign in again.",
    }


class SignInRefused(Problem):
    """Unknown account and wrong password answer alike."""

    status = 401
    code = "sign-in-refused"
    title: ClassVar = {"zh": "账号或密码不对。", "en": "The account or the password is not right."}
    remedy: ClassVar = {
        "zh": "检查后重试，或扫新的二维码。",
        "en": "Check and try again, or scan a new code.",
    }


class CodeRefused(Problem):
    """The enrolment code is unknown, used up or older than its day."""

    status = 401
    code = "code-refused"
    title: ClassVar = {"zh": "二维码已失效。", "en": "This code is no longer valid."}
    remedy: ClassVar = {"zh": "请管理员出一张新的二维码。", "en": "Ask the office for a new code."}


class TooManyAttempts(Problem):
    """Too many failed sign-ins of one account; even the right password must wait now."""

    status = 429
    code = "too-many-attempts"
    title: ClassVar = {"zh": "试错次数太多。", "en": "Too many failed attempts."}
    remedy: ClassVar = {"zh": "稍后再试，或扫二维码登录。", "en": "Wait a while, or sign in with a code."}


class TooManyRequests(Problem):
    """One address knocks too often. Whoever stands beside it in the same hall waits with it, for a minute at most."""

    status = 429
    code = "too-many-requests"
    retry_after_seconds = 60
    title: ClassVar = {"zh": "这里同时登录的人太多。", "en": "Too many sign-ins from here at once."}
    remedy: ClassVar = {"zh": "等一分钟再试。", "en": "Wait a minute and try again."}
