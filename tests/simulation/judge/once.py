"""Whether what happened once counts once: a counter adds up, and whoever was born is there a single time."""

from __future__ import annotations

from collections import Counter

from tests.simulation.judge.evidence import Evidence
from tests.simulation.verdict import Verdict

COUNTER = "visits_made"


def look(evidence: Evidence, verdict: Verdict) -> None:
    """Find what counts twice, or not at all."""
    _counters(evidence, verdict)
    _births(evidence, verdict)


def _counters(evidence: Evidence, verdict: Verdict) -> None:
    total: Counter[str] = Counter()
    for line in evidence.lines.values():
        if COUNTER in line["typed"] and evidence.stands(line["id"]):
            total[line["entity"]] += int(line["typed"][COUNTER]) - int(line["shown"].get(COUNTER) or 0)
    # What an amendment or a withdrawal makes of a count depends on what came since: other tests look at those. What was
    # declined unread the server cannot tell from the count of a later one that showed it. And where an older backup was
    # put back, what is let through may begin a record anew, with all that was on its author's screen.
    disturbed = evidence.undone | evidence.unread | (evidence.accepted if evidence.forgotten else set())
    uncertain = {evidence.lines[each]["entity"] for each in disturbed & evidence.lines.keys()}
    # Of two records that became one, the one that stays has its own count, and later visits of either.
    uncertain |= {each for one in total if (home := evidence.home(one)) != one for each in (one, home)}
    for entity in total.keys() - uncertain:
        found = int(evidence.entities[entity].properties.get(COUNTER) or 0)
        if found != total[entity]:
            kind = "duplicated" if found > total[entity] else "lost"
            verdict.finds(kind, f"{COUNTER} of {entity} is {found}; {total[entity]} were counted")


def _births(evidence: Evidence, verdict: Verdict) -> None:
    names = Counter(row.properties.get("name") for row in evidence.entities.values() if row.dataset == "members")
    for line in evidence.lines.values():
        for name in line["births"]:
            if names[name] > 1:
                verdict.finds("duplicated", f"{name}, born in {line['id']}, is there {names[name]} times")
            elif not names[name] and evidence.stands(line["id"]):
                verdict.finds("lost", f"{name}, born in {line['id']}, is not there")
