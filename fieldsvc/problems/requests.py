"""What can be wrong with any request, whatever it asks for."""

from __future__ import annotations

from typing import ClassVar

from fieldsvc.problems.base import Problem


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


class PreconditionFailed(Problem):
    """Somebody else decided meanwhile; look again before deciding."""

    status = 412
    code = "changed-meanwhile"
    title: ClassVar = {"zh": "其他人已先处理。", "en": "Somebody else was here first."}
    remedy: ClassVar = {"zh": "刷新后再决定。", "en": "Reload and decide again."}


class ServerBusy(Problem):
    """Somebody else has been writing for too long, or has died while doing so. Nothing was acknowledged or lost."""

    status = 503
    code = "server-busy"
    retry_after_seconds = 30
    title: ClassVar = {"zh": "服务器正忙。", "en": "The server is busy."}
    remedy: ClassVar = {"zh": "内容都在，稍后自动重试。", "en": "Nothing is lost; it is tried again later."}


class DatabaseAway(ServerBusy):
    """The database does not answer: stopped, restarting or out of reach. Nothing was acknowledged or lost."""

    code = "database-away"
    title: ClassVar = {"zh": "数据库暂时连不上。", "en": "The database cannot be reached just now."}


class FilesAway(ServerBusy):
    """The store of photos and files does not answer or has no room. Nothing was acknowledged or lost; text goes on."""

    code = "files-away"
    title: ClassVar = {"zh": "照片存储暂时连不上。", "en": "The store of photos cannot be reached just now."}


class NotReady(ServerBusy):
    """This server should get no requests now. `missing` says why: `release` (its tables are another's) or `files`."""

    code = "not-ready"
    retry_after_seconds = 10
    title: ClassVar = {"zh": "服务器还没有准备好。", "en": "The server is not ready."}


class ServerFailed(Problem):
    """A fault of ours. Nothing was acknowledged, so nothing is lost."""

    status = 500
    code = "server-failed"
    title: ClassVar = {"zh": "服务器出错。", "en": "The server failed."}
    remedy: ClassVar = {"zh": "稍后自动重试。", "en": "It is tried again later."}
