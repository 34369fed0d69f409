"""Whether anybody's value was written over by somebody who had not seen it, with nobody asked."""

from __future__ import annotations

from itertools import pairwise

from tests.simulation.judge.evidence import DECIDED, Evidence
from tests.simulation.verdict import Verdict


def look(evidence: Evidence, verdict: Verdict) -> None:
    """Find versions in which a typed value replaces one that was never on its author's screen.

    What the office let through after looking at it is the office's word. A sheet of another office has seen nothing: it
    may replace what it said itself, and what was there before anybody typed.
    """
    lines = evidence.lines.values()
    typed = {(evidence.home(line["entity"]), *each) for line in lines for each in line["typed"].items()}
    for entity, versions in evidence.versions.items():
        for before, after in pairwise(versions):
            for name in [name for name in DECIDED if after.source == "import" and name in after.changed]:
                if (evidence.home(entity), name, before.properties.get(name)) in typed:
                    what = f"a sheet wrote {name} = {after.properties.get(name)} over {before.properties.get(name)}"
                    verdict.finds("silently overwritten", f"{what} in {entity} v{after.version}")
            line = evidence.lines.get(after.operation_id or "")
            if line is None or line["id"] in evidence.accepted:
                continue
            for name in [name for name in DECIDED if name in line["typed"]]:
                stood, stands = before.properties.get(name) or None, after.properties.get(name)
                if stood == stands or stands != line["typed"][name]:
                    continue
                if stood not in evidence.seen[line["phone"], evidence.home(entity), name]:
                    what = f"{line['id']} wrote {name} = {stands} over {stood} in {entity} v{after.version}"
                    verdict.finds("silently overwritten", what)
