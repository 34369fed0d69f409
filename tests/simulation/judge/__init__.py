"""Judges a run when everything has come to rest: what each cadre typed and was told, against database and phones.

The ledger (`phones/ledger.js`) is the measure: neither the app nor the server is asked whether it lost anything.
"""

from __future__ import annotations

from tests.simulation.judge import arrived, once, phones, unseen
from tests.simulation.judge.evidence import Evidence, Row
from tests.simulation.verdict import Verdict
from tests.world import laws

__all__ = ["Evidence", "judge"]

#: Laws of `tests/world`, and what it is called when one is broken.
LAWS = (
    (laws.versions_have_no_gaps, "broken laws"),
    (laws.positions_have_no_gaps, "broken laws"),
    (laws.effects_happened_once, "duplicated"),
    (laws.what_is_replaced_has_something_in_its_place, "broken laws"),
)


def judge(evidence: Evidence) -> Verdict:
    """Look at everything there is to a run."""
    verdict = Verdict()
    verdict.counts["phones"] = len(evidence.reports)
    verdict.counts["operations"] = len(evidence.lines)
    verdict.counts["gone with a phone"] = len(evidence.gone)
    for line in evidence.lines.values():
        verdict.counts[_called(line)] += 1
    for law, kind in LAWS:
        try:
            law(evidence.session)
        except AssertionError as broken:
            verdict.finds(kind, str(broken))
    arrived.look(evidence, verdict)
    once.look(evidence, verdict)
    unseen.look(evidence, verdict)
    phones.look(evidence, verdict)
    return verdict


def _called(line: Row) -> str:
    """What a cadre would call this operation: one of `SENT`."""
    if line["kind"] != "visit":
        return {"edit": "corrections", "withdrawal": "withdrawals"}[line["kind"]]
    if line.get("replaces"):
        return "amendments"
    return "households begun" if line.get("form") else "visits"
