"""What an entry of the log is about, by the name people know: a form's title and never its id."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.services.imports.kinds import kinds
from fieldsvc.services.ledgers import shelf
from fieldsvc.store import areas, audit_search, form_shelf, ordered

Title = str | Mapping[str, str]


def titles(ctx: Context, session: Session, feed_id: str, things: Collection[str]) -> dict[str, Title]:
    """The titles of these things as far as they have one, in one or every language; of a report its area's name."""
    found: dict[str, Title] = dict(audit_search.titles_of(session, feed_id, things))
    named = _Named(ctx, session, feed_id)
    for thing in things:
        kind, _, rest = thing.partition(":")
        if kind == "difference" and thing in found:
            found[thing] = _beside(str(found[thing]), named.roster(rest.rpartition("/")[0]))
        else:
            title = named.title(kind, rest)
            if title:
                found[thing] = title
    return found


class _Named:
    """Looks up the titles of one page; what is not asked for is not read."""

    def __init__(self, ctx: Context, session: Session, feed_id: str) -> None:
        self._ctx, self._session, self._feed_id = ctx, session, feed_id
        self._forms: dict[str, Title] | None = None
        self._ledgers: dict[str, Title] | None = None

    def title(self, kind: str, rest: str) -> Title | None:
        name = rest.partition("/")[0]
        match kind:
            case "form":
                if self._forms is None:
                    self._forms = {row.id: row.title for row in form_shelf.forms(self._session)}
                return self._forms.get(name.removesuffix(".trial"))
            case "ledger":
                if self._ledgers is None:
                    known, _ = shelf.ledgers(self._ctx, self._session)
                    self._ledgers = {one.name: one.label for one in known.values()}
                return self._ledgers.get(rest)
            case "dataset":
                known_ = datasets(self._ctx, self._session)
                return known_.title(name) if name in known_ else None
            case "comparison":
                return self.roster(rest) if "/" in rest else None
            case "report" | "area":
                row = areas.get(self._session, self._feed_id, rest.partition(":")[0])
                return row.name if row else None
            case "export":
                order = ordered.get(self._session, self._feed_id, rest)
                return order.label if order else None
        return None

    def roster(self, rest: str) -> Title:
        """The source and the kind of a list, from `source/roster`."""
        source, _, roster = rest.rpartition("/")
        kind = kinds().get(roster)
        return _beside(source, kind.label if kind else roster)


def _beside(first: str, second: Title) -> Title:
    """Two names as one."""
    if isinstance(second, str):
        return f"{first} {second}"
    return {language: f"{first} {text}" for language, text in second.items()}
