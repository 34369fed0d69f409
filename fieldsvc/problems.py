"""Every way a caller can be wrong: class, stable code, status, a sentence and a remedy in two languages.

Any layer may raise one; one writer turns it into `application/problem+json`. An outcome of merging is not
a problem, and a bug is not one either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar


class Problem(Exception):
    """A caller-visible error. Details are safe to show: never a database message, never a person's data."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad-request"
    title: ClassVar[dict[str, str]] = {"zh": "请求有误。", "en": "The request is not valid."}
    remedy: ClassVar[dict[str, str]] = {
        "zh": "请更新应用后重试；仍不行，请联系管理员。",
        "en": "Update the app and try again; if it still fails, ask your administrator.",
    }

    def __init__(self, detail: str | None = None, **details: Any) -> None:
        super().__init__(detail or self.title["en"])
        self.detail = detail
        self.details = details

    def as_json(self, request_id: str | None = None) -> dict[str, Any]:
        """The body of the answer: code, status, title and remedy in each language, and details."""
        body: dict[str, Any] = {"code": self.code, "status": self.status, "title": self.title}
        if self.detail:
            body["detail"] = self.detail
        body["remedy"] = self.remedy
        if request_id:
            body["request_id"] = request_id
        return {**body, **self.details}


class MalformedBody(Problem):
    """The body is not the JSON the protocol asks for, or nests too deep, or holds impossible text."""

    code = "malformed-body"
    title: ClassVar = {"zh": "服务器读不懂发来的内容。", "en": "The server could not read what was sent."}


class WrongContentType(Problem):
    """The body is not declared as the type this address takes."""

    status = 415
    code = "wrong-content-type"
    title: ClassVar = {"zh": "内容类型不对。", "en": "The content type is not the one expected here."}


class BodyTooLarge(Problem):
    """The body, or what it inflates to, is larger than allowed. It was not read to its end."""

    status = 413
    code = "body-too-large"
    title: ClassVar = {"zh": "一次发送的内容太大。", "en": "Too much was sent at once."}
    remedy: ClassVar = {"zh": "分几次发送。", "en": "Send it in smaller parts."}


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


class NotFound(Problem):
    """There is no such thing, or it is not for you: both answer alike."""

    status = 404
    code = "not-found"
    title: ClassVar = {"zh": "没有找到。", "en": "There is nothing here."}
    remedy: ClassVar = {"zh": "检查地址，或先同步。", "en": "Check the address, or sync first."}


class NotAllowed(Problem):
    """Your roles do not include this action."""

    status = 403
    code = "not-allowed"
    title: ClassVar = {"zh": "您没有这项权限。", "en": "Your role does not allow this."}
    remedy: ClassVar = {"zh": "请联系管理员。", "en": "Ask your administrator."}


class MethodNotAllowed(Problem):
    """The address exists, the verb does not."""

    status = 405
    code = "method-not-allowed"
    title: ClassVar = {"zh": "不支持这种请求方式。", "en": "This address does not answer that method."}


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

    Nothing is lost: the bytes are kept for a person to look at.
    """

    status = 409
    code = "form-version-unknown"
    title: ClassVar = {
        "zh": "服务器上没有这个版本的表单。",
        "en": "This phone has a form the server does not know.",
    }


class FormVersionExists(Problem):
    """This version of the form is published with other content: a published version is never edited."""

    status = 409
    code = "form-version-exists"
    title: ClassVar = {"zh": "这个版本已发布过，内容不同。", "en": "This version is published with other content."}
    remedy: ClassVar = {"zh": "改用新的版本号再发布。", "en": "Give the form a new version and publish that."}


class PropertyTypeChanged(Problem):
    """A dataset's property would change its type or vanish, while phones still hold values of the old one."""

    status = 409
    code = "property-type-changed"
    title: ClassVar = {"zh": "已有属性的类型不能改。", "en": "A property cannot change its type."}
    remedy: ClassVar = {"zh": "新增一个属性。", "en": "Add a new property instead."}


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


class OutOfScope(Problem):
    """The author did not hold the household (any more) when this was made. Kept for a supervisor, never dropped."""

    status = 403
    code = "out-of-scope"
    title: ClassVar = {"zh": "这户当时不在您的名单里。", "en": "This household was not on your list."}
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class RuleBroken(Problem):
    """The answers break a rule of the form, or an entity is not what the operation takes it for."""

    status = 422
    code = "rule-broken"
    title: ClassVar = {"zh": "内容不符合表单规则。", "en": "The answers break a rule of the form."}
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class EntityDeleted(Problem):
    """What the operation edits has been deleted meanwhile; it is not brought back without a person."""

    status = 409
    code = "entity-deleted"
    title: ClassVar = {"zh": "这条记录已被删除。", "en": "This record has been deleted."}
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class EntityUnknown(Problem):
    """What the operation edits was never heard of here."""

    status = 409
    code = "entity-unknown"
    title: ClassVar = {"zh": "服务器上没有这条记录。", "en": "The server has no such record."}
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class ChangedSince(Problem):
    """A deletion of something that others have edited meanwhile."""

    status = 409
    code = "changed-since"
    title: ClassVar = {"zh": "其他人之后又改过。", "en": "Others have edited this meanwhile."}
    remedy: ClassVar = {"zh": "内容已收到，由主管处理。", "en": "It was received; a supervisor decides."}


class Withdrawn(Problem):
    """The visit was taken back by its author before it took effect."""

    status = 409
    code = "withdrawn"
    title: ClassVar = {"zh": "已撤回。", "en": "This was taken back."}


class DeclinedByOffice(Problem):
    """A supervisor read it and decided that it shall not take effect. It is kept."""

    status = 409
    code = "declined"
    title: ClassVar = {"zh": "主管决定不采用。", "en": "A supervisor decided against it."}
    remedy: ClassVar = {"zh": "有疑问请联系主管。", "en": "Ask the supervisor."}


class DigestMismatch(Problem):
    """The bytes received do not have the digest that was announced."""

    status = 460
    code = "digest-mismatch"
    title: ClassVar = {"zh": "照片在传输中损坏。", "en": "The bytes were damaged on the way."}
    remedy: ClassVar = {"zh": "将自动重新上传。", "en": "It will be uploaded again."}


class OffsetMismatch(Problem):
    """The piece does not start where the server's bytes end, or a newer connection took over."""

    status = 409
    code = "offset-mismatch"
    title: ClassVar = {"zh": "续传位置不对。", "en": "The upload continues at another place."}
    remedy: ClassVar = {"zh": "询问进度后继续。", "en": "Ask for the offset and continue there."}


class UploadGone(Problem):
    """The unfinished upload has expired; the photo is still on the phone."""

    status = 410
    code = "upload-gone"
    title: ClassVar = {"zh": "这次上传已过期。", "en": "This upload has expired."}
    remedy: ClassVar = {"zh": "将自动重新上传。", "en": "It will be started again."}


class PictureUnreadable(Problem):
    """The bytes are not a picture, or decode to more pixels than memory may hold."""

    status = 422
    code = "picture-unreadable"
    title: ClassVar = {"zh": "无法识别这张图片。", "en": "This is not a picture we can read."}


class PreconditionFailed(Problem):
    """Somebody else decided meanwhile; look again before deciding."""

    status = 412
    code = "changed-meanwhile"
    title: ClassVar = {"zh": "其他人已先处理。", "en": "Somebody else was here first."}
    remedy: ClassVar = {"zh": "刷新后再决定。", "en": "Reload and decide again."}


class ServerFailed(Problem):
    """A fault of ours. Nothing was acknowledged, so nothing is lost."""

    status = 500
    code = "server-failed"
    title: ClassVar = {"zh": "服务器出错。", "en": "The server failed."}
    remedy: ClassVar = {"zh": "稍后自动重试。", "en": "It is tried again later."}


def catalogue() -> list[type[Problem]]:
    """Every problem there is, by code; `docs/problems.md` lists the same."""
    return sorted(_descendants(Problem), key=lambda kind: kind.code)


def _descendants(kind: type[Problem]) -> Iterator[type[Problem]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _descendants(child)
