"""Whether what happened once counts once: a counter adds up, and whoever was born is there a single time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from tests.simulation.judge.evidence import Evidence, Row
from tests.simulation.verdict import Verdict

COUNTER = "visits_made"


def look(evidence: Evidence, verdict: Verdict) -> None:
    """Find what counts twice, or not at all."""
    _counters(evidence, verdict)
    _births(evidence, verdict)


def _counters(evidence: Evidence, verdict: Verdict) -> None:
    counted: dict[str, list[Row]] = defaultdict(list)
    for line in evidence.promised:
        if COUNTER in line["typed"]:
            counted[line["entity"]].append(line)
    # What an amendment or a withdrawal makes of a count depends on what came since: other tests look at those.
    uncertain = {evidence.lines[each]["entity"] for each in evidence.undone & evidence.lines.keys()}
    # Of two records that became one, the one that stays has its own count, and later visits of either.
    uncertain |= {each for one in counted if (home := evidence.home(one)) != one for each in (one, home)}
    for entity in counted.keys() & evidence.entities.keys() - uncertain:
        found = int(evidence.entities[entity].properties.get(COUNTER) or 0)
        least = sum(_adds(line) for line in counted[entity] if evidence.stands(line["id"]))
        most = least + sum(_may_add(line) for line in _brought_by_another(evidence, entity, counted[entity]))
        if not least <= found <= most:
            kind = "duplicated" if found > most else "lost"
            also = f", and {most - least} more that later ones may have brought" if most > least else ""
            verdict.finds(kind, f"{COUNTER} of {entity} is {found}; {least} were counted{also}")


def _brought_by_another(evidence: Evidence, entity: str, lines: Sequence[Row]) -> list[Row]:
    """What took no effect itself, and may be in the record all the same because it was on the screen of another.

    What nobody has read, or a phone took with it, leaves a hole in its branch: the next one of that phone says a number
    and the server knows the one before the hole. And what a person let through may begin a record that is not there,
    with all that was on its screen. Two that were begun right over the hole bring it both, as a form that was left open
    while its record was corrected: then it is in the answer twice.
    """
    began = _began(evidence, entity)
    found = []
    for line in lines:
        after = [each for each in lines if evidence.stands(each["id"]) and each["phone"] == line["phone"]]
        if line["id"] in evidence.gone:
            # What the new phone of its owner says is in a branch of its own.
            after = [each for each in after if "lost" in each]
        elif line["id"] not in evidence.unread:
            after = []
        if began:
            after.append(began)
        after = [each for each in after if _shown(each) >= int(line["typed"][COUNTER])]
        if after and not evidence.stands(line["id"]):
            said = {each["typed"][COUNTER] for each in after if COUNTER in each["typed"]}
            found += [line] * max(1, sum(str(_shown(each)) not in said for each in after))
    return found


def _began(evidence: Evidence, entity: str) -> Row | None:
    """What began this record that was no registration, and which a person let through therefore."""
    versions = evidence.versions[entity]
    line = evidence.lines.get((versions[0].operation_id or "") if versions else "")
    return line if line and not line.get("form") and line["id"] in evidence.accepted else None


def _shown(line: Row) -> int:
    return int(line["shown"].get(COUNTER) or 0)


def _adds(line: Row) -> int:
    return int(line["typed"][COUNTER]) - _shown(line)


def _may_add(line: Row) -> int:
    """An amendment counts from what was there before its visit, which no ledger tells: at most all that it says."""
    return int(line["typed"][COUNTER]) if line.get("replaces") else _adds(line)


def _births(evidence: Evidence, verdict: Verdict) -> None:
    names = Counter(row.properties.get("name") for row in evidence.entities.values() if row.dataset == "members")
    for line in evidence.lines.values():
        for name in line["births"]:
            if names[name] > 1:
                verdict.finds("duplicated", f"{name}, born in {line['id']}, is there {names[name]} times")
            elif not names[name] and evidence.stands(line["id"]):
                verdict.finds("lost", f"{name}, born in {line['id']}, is not there")
