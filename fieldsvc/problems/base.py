"""The shape every problem has."""

from __future__ import annotations

from typing import Any, ClassVar


class Problem(Exception):
    """A caller-visible error. Details are safe to show: never a database message, never a person's data."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad-request"
    #: How long the caller should wait before it asks again; 0: asking again changes nothing, or is its own affair.
    retry_after_seconds: ClassVar[int] = 0
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
