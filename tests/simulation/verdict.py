"""What was found in the end: the figures of the table, and a sentence for each thing that is not as it must be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

#: What the phones promised to send, by what a cadre would call it, in the order of the table.
SENT = ("corrections", "visits", "households begun", "amendments", "withdrawals")
#: What must not be found, in the order of the table.
NEVER = ("lost", "duplicated", "silently overwritten", "stuck", "broken laws")


@dataclass
class Verdict:
    """Counts by name, and what stands behind those that should be nought."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    office: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    #: Of a run in turn what tells its trace from another.
    trace: str = ""

    def finds(self, kind: str, what: str) -> None:
        """One thing that must not be."""
        assert kind in NEVER, kind
        self.counts[kind] += 1
        self.findings.append(f"{kind}: {what}")

    @property
    def good(self) -> bool:
        """Whether nothing was found that must not be."""
        return not self.findings

    def add(self, other: Verdict) -> None:
        """Another run's findings to these."""
        self.counts += other.counts
        self.faults += other.faults
        self.office += other.office
        self.findings += other.findings


def table(verdict: Verdict) -> str:
    """The figures as lines of text; how dense the faults were stands behind their numbers."""
    operations = verdict.counts["operations"]
    lines = [("phones", verdict.counts["phones"], ""), ("operations", operations, "")]
    lines += [(f"  {name}", verdict.counts[name], "") for name in SENT]
    lines += [(name, verdict.counts[name], "") for name in ("acknowledged", "gone with a phone", "photos")]
    for title, deeds in (("faults injected", verdict.faults), ("deeds of the office", verdict.office)):
        for name, count in [(title, deeds.total()), *((f"  {name}", count) for name, count in sorted(deeds.items()))]:
            lines.append((name, count, f"{1000 * count / operations:10.2f}" if operations else ""))
    lines += [(name, verdict.counts[name], "") for name in NEVER]
    width = max(len(name) for name, _, _ in lines)
    heading = f"{'':<{width}}  {'count':>10} {'per 1,000':>10}"
    return "\n".join([heading, *(f"{name:<{width}}  {count:>10,} {share}".rstrip() for name, count, share in lines)])
