"""A household dataset with one property of every policy, and ways to draw edits of it."""

from hypothesis import strategies as st

from sync.model import Policy, Properties, Rule, Rules, Unit, Writer

STAGES = ("planned", "building", "finished", "moved-in")

DECLARED = (
    Rule("phone"),
    Rule("income"),
    Rule("note_to_self", Policy.LAST_RECEIVED),
    Rule("last_reading", Policy.MAX),
    Rule("first_seen", Policy.MIN),
    Rule("stage", Policy.ORDERED, ranks=STAGES),
    Rule("needs", Policy.SET),
    Rule("people", Policy.COUNTER),
    Rule("story", Policy.APPEND),
    Rule("position", Policy.GEO_BEST),
    Rule("household_no", Policy.IMMUTABLE),
    Rule("subsidy_no", Policy.SERVER),
    Rule("score", Policy.DERIVED),
    Rule("crop_code", group="crop"),
    Rule("crop_name", group="crop"),
    Rule("fix", Policy.GEO_BEST, group="fix"),
    Rule("fix_source", Policy.REVIEW, group="fix"),
)
RULES = Rules(DECLARED)

WORDS = (None, "", "east", "west", "north")
VALUES: dict[str, tuple[str | None, ...]] = {
    "last_reading": (None, "3", "3.0", "7", "12", "2024-05-01", "2025-01-31", "many"),
    "first_seen": (None, "3", "7", "2024-05-01", "2025-01-31", "long ago"),
    "stage": (None, *STAGES, "unheard-of"),
    "needs": (None, "water", "water road", "road water", "power", "road power school"),
    "people": (None, "0", "3", "4", "4.0", "6", "-2", "several"),
    "story": (
        None,
        "quiet",
        "quiet\nroof leaks",
        "roof leaks",
        "son is back\nquiet",
        "roof leaks\nroof leaks",
    ),
    "position": (None, "30.1 110.1 0 5", "30.2 110.2 0 5", "30.3 110.3 0 60", "30.4 110.4", "by the well"),
    "fix": (None, "30.1 110.1 0 5", "30.3 110.3 0 60"),
    "crop_code": (None, "A1", "B2", "C3"),
    "crop_name": (None, "maize", "tea", "oranges"),
}


def value_of(name: str) -> st.SearchStrategy[str | None]:
    """A value a phone might hold for this property, including what the policy cannot read."""
    return st.sampled_from(VALUES.get(name, WORDS))


@st.composite
def properties(draw: st.DrawFn, names: tuple[str, ...] = tuple(rule.name for rule in DECLARED)) -> Properties:
    """Some properties of a household; others were never set."""
    chosen = draw(st.lists(st.sampled_from(names), unique=True))
    return {name: draw(value_of(name)) for name in chosen}


def unit_values(unit: Unit, values: Properties) -> dict[str, str | None]:
    """The values of a unit, blank where nothing was ever set."""
    return {name: values.get(name) or None for name in unit.names}


writers = st.sampled_from(list(Writer))
units = st.sampled_from(RULES.units(rule.name for rule in DECLARED))
