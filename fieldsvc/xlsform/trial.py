"""A form on trial: the same questions under an id of its own, so that nothing filled in to try it out is ever counted.

A trial writes to no record and leaves no visit behind; its submissions name the trial form for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from fieldsvc.xlsform.compiled import digest_of
from fieldsvc.xlsform.definition import Definition

#: No author can write this id: a point is not allowed in one.
SUFFIX = ".trial"
_MARK = {"zh": "〔试用〕", "en": "[Trial] "}


def trial_id(form_id: str) -> str:
    """The id under which drafts of this form are tried out."""
    return form_id + SUFFIX


def form_of(trial: str) -> str:
    """The form that a trial id belongs to; any other id is its own."""
    return trial.removesuffix(SUFFIX)


def unmarked(title: Mapping[str, str]) -> dict[str, str]:
    """The title of the form behind a trial, as it will be once it is published."""
    return {code: text.removeprefix(_MARK.get(code, _MARK["en"])) for code, text in title.items()}


def on_trial(definition: Definition) -> tuple[Definition, str]:
    """The definition for testers, and its digest."""
    title = {code: _MARK.get(code, _MARK["en"]) + text for code, text in definition["title"].items()}
    changed: dict[str, Any] = {**definition, "form": trial_id(definition["form"]), "title": title, "trial": True}
    return cast(Definition, changed), digest_of(changed)
