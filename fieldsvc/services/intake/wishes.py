"""What an operation asks of entities, before anything is looked up about them.

A submission's wishes follow from its answers by its form's definition; an edit states its one wish; a
withdrawal's follow later from what the withdrawn operation did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from fieldsvc.problems import FormVersionUnknown, Problem, RuleBroken
from fieldsvc.services import definitions
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets
from fieldsvc.services.intake.parse import Operation
from fieldsvc.services.intake.shown import instances
from fieldsvc.xlsform.runtime import Effect, judge
from sync.model import Action, Properties, Writer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What one operation asks of one entity.

    `seen_version`, `seen_base` and `unseen` say what the screen showed: which version of the server, under the phone's
    own links from which on, and which of them no more. `was` says what that version held where the changes state
    something else, in the author's own words. `seen` overrides the base view (for undoing).
    """

    dataset: str
    entity_id: str
    changes: Properties
    action: Action = Action.UPDATE
    base_version: int = 0
    trunk_version: int = 0
    branch_id: str | None = None
    seen_version: int | None = None
    seen_base: int | None = None
    unseen: frozenset[str] = frozenset()
    was: Properties | None = None
    label: str | None = None
    writer: Writer = Writer.PHONE
    seen: Properties | None = None

    @property
    def shown_version(self) -> int:
        """The server's version under the phone's own edits when this was made."""
        return self.trunk_version if self.seen_version is None else self.seen_version


@dataclass(frozen=True, slots=True)
class Reading:
    """An operation's wishes, and what speaks against fulfilling them unseen. A `trial` wishes for nothing."""

    wishes: tuple[Wish, ...] = ()
    trial: bool = False
    problem: Problem | None = None
    violations: tuple[dict[str, Any], ...] = field(default=())


def read(ctx: Context, session: Session, feed_id: str, datasets: Datasets, operation: Operation) -> Reading:
    """The wishes an operation states."""
    match operation.kind:
        case "submission":
            return _of_submission(ctx, session, feed_id, datasets, operation.document)
        case "edit":
            return Reading((_of_edit(operation.document),))
        case _:
            return Reading()


def try_to_read(
    ctx: Context, session: Session, feed_id: str, datasets: Datasets, operation: Operation
) -> Reading | None:
    """The same; nothing where this one operation breaks the reading, which the log then tells."""
    try:
        return read(ctx, session, feed_id, datasets, operation)
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.warning("operation not read", op=operation.id, error=type(error).__name__)
        return None


def _of_submission(
    ctx: Context, session: Session, feed_id: str, datasets: Datasets, document: Mapping[str, Any]
) -> Reading:
    definition: Any = definitions.form(ctx, session, document["form"], document["version"])
    if definition is None:
        return Reading(problem=FormVersionUnknown(form=document["form"], version=document["version"]))
    # What the phone says of lists is replaced by what the server knows of them.
    shown = instances(session, feed_id, datasets, document)
    answers, context = document["answers"], {**(document.get("context") or {}), "instances": shown}
    declared = document.get("entities") or []
    judgement = judge(definition, answers, context, declared)
    violations = tuple({"ref": v.ref, "level": v.level, "kind": v.kind} for v in judgement.violations)
    if definition.get("trial"):
        return Reading(trial=True, violations=violations)
    entries = {(each["dataset"], each["path"], each["id"]): each for each in declared}
    wishes = tuple(
        Wish(
            dataset=effect.dataset,
            entity_id=effect.id,
            changes=effect.changes,
            action=Action.CREATE if effect.create else Action.UPDATE,
            base_version=effect.base_version or 0,
            trunk_version=effect.trunk_version or 0,
            branch_id=effect.branch_id,
            seen_version=entries[effect.dataset, effect.path, effect.id].get("seen_version"),
            seen_base=entries[effect.dataset, effect.path, effect.id].get("seen_base"),
            unseen=frozenset(entries[effect.dataset, effect.path, effect.id].get("unseen") or ()),
            was=entries[effect.dataset, effect.path, effect.id].get("was"),
            label=effect.label,
            writer=_writer(definition, document, effect),
        )
        for effect in judgement.effects
    )
    broken = sorted({v.ref for v in judgement.violations if v.level == "hard"})
    problem = RuleBroken(refs=broken[:20]) if broken else None
    return Reading(wishes, problem=problem, violations=violations)


def _writer(definition: Mapping[str, Any], document: Mapping[str, Any], effect: Effect) -> Writer:
    """In whose name a form writes: where it begins a household, in the office's, which published what it asks.

    Nobody else can say what kind of household it is that was missed.
    """
    begins = definition.get("new_subject") and effect.create and effect.id == document["subject"]
    return Writer.OFFICE if begins and effect.dataset == definition["subject_dataset"] else Writer.PHONE


def _of_edit(document: Mapping[str, Any]) -> Wish:
    action = Action.DELETE if document.get("delete") else Action.CREATE if document.get("create") else Action.UPDATE
    return Wish(
        dataset=document["dataset"],
        entity_id=document["entity"],
        changes={name: value or None for name, value in document.get("changes", {}).items()},
        action=action,
        base_version=document.get("base_version") or 0,
        trunk_version=document.get("trunk_version") or 0,
        branch_id=document.get("branch_id"),
        seen_version=document.get("seen_version"),
        seen_base=document.get("seen_base"),
        unseen=frozenset(document.get("unseen") or ()),
        was=document.get("was"),
        label=document.get("label") if isinstance(document.get("label"), str) else None,
    )
