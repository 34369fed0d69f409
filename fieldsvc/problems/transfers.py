"""What can be wrong with a photo on its way."""

from __future__ import annotations

from typing import ClassVar

from fieldsvc.problems.base import Problem


class DigestMismatch(Problem):
    """The bytes received do not have the digest that was announced."""

    status = 460
    code = "digest-mismatch"
    title: ClassVar = {"zh": "照片在传输中损坏。", "en": "The bytes were damaged on the way."}
    remedy: ClassVar = {"zh": "将自动重新上传。", "en": "It will be uploaded again."}


class ScanUnfit(Problem):
    """The paper is no PDF, JPEG or PNG by what its bytes begin with, or is larger than 20 MB."""

    status = 422
    code = "scan-unfit"
    title: ClassVar = {
        "zh": "这个文件不能归档：不是 PDF、JPEG 或 PNG，或大于 20 MB。",
        "en": "This cannot be filed: it is no PDF, JPEG or PNG, or larger than 20 MB.",
    }
    remedy: ClassVar = {
        "zh": "扫描成 PDF，或者拍成照片再上传；文件太大时，降低扫描精度或分页上传。",
        "en": "Scan it to a PDF or take a photo of it; if it is too large, scan less finely or page by page.",
    }


class RescueUnreadable(Problem):
    """The file is no backup of a phone, is damaged or cut, or was sealed to another server. Nothing of it was taken in.

    `frame` says where: 0 is the list of what is in it, -1 the outside.
    """

    status = 422
    code = "rescue-unreadable"
    title: ClassVar = {
        "zh": "备份文件读不出来：不是手机备份、已损坏，或出自另一台服务器。",
        "en": "The backup cannot be read: no phone's backup, damaged, or made for another server.",
    }
    remedy: ClassVar = {
        "zh": "请在手机上重新导出，用原文件再试，不要用聊天软件转发压缩过的文件。",
        "en": "Export it again on the phone and bring that very file.",
    }


class LetterUnreadable(Problem):
    """What a locked phone had sealed was sealed to another server, or is damaged. Nothing of it was taken in."""

    status = 422
    code = "letter-unreadable"
    title: ClassVar = {
        "zh": "上锁时加密的内容，这台服务器读不出来。",
        "en": "This server cannot read what was sealed while the app was locked.",
    }
    remedy: ClassVar = {"zh": "打开应用，输入解锁密码，再上传。", "en": "Open the app with its PIN, and send again."}


class RescueForeign(Problem):
    """The backup is of somebody this county does not know."""

    status = 422
    code = "rescue-foreign"
    title: ClassVar = {"zh": "这份备份不是本县人员的。", "en": "This backup is of nobody in this county."}
    remedy: ClassVar = {"zh": "请交给填写人所在的县。", "en": "Take it to its author's own county."}


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


class TusVersion(Problem):
    """The request names another version of tus than the server speaks; nothing was done."""

    status = 412
    code = "tus-version"
    title: ClassVar = {"zh": "上传协议版本不对。", "en": "This is another version of the upload protocol."}
    remedy: ClassVar = {
        "zh": "更新客户端；服务器使用 tus 1.0.0。",
        "en": "Update the client; the server speaks tus 1.0.0.",
    }


class PictureUnreadable(Problem):
    """The bytes are not a picture, or decode to more pixels than memory may hold."""

    status = 422
    code = "picture-unreadable"
    title: ClassVar = {"zh": "无法识别这张图片。", "en": "This is not a picture we can read."}
