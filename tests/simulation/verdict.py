"""What was found in the end: the figures of the table, and a sentence for each thing that is not as it must be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

#: What must not be found, in the order of the table.
NEVER = ("lost", "duplicated", "silently overwritten", "stuck", "broken laws")


@dataclass
class Verdict:
    """Counts by name, and what stands behind those that should be nought."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    office: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

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
    """The figures as lines of text."""
    lines = [(name, verdict.counts[name]) for name in ("phones", "operations", "acknowledged", "photos")]
    lines += [("faults injected", verdict.faults.total())]
    lines += [(f"  {name}", count) for name, count in sorted(verdict.faults.items())]
    lines += [("deeds of the office", verdict.office.total())]
    lines += [(f"  {name}", count) for name, count in sorted(verdict.office.items())]
    lines += [(name, verdict.counts[name]) for name in NEVER]
    width = max(len(name) for name, _ in lines)
    return "\n".join(f"{name:<{width}}  {count:>10,}" for name, count in lines)
