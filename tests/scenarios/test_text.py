"""What people type comes back as they typed it: any script, any sign, numbers longer than a computer counts."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import World

#: Anything but NUL, which one of the databases refuses, and half a surrogate pair, which is no character.
TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=60)
NUMBERS = ["9007199254740993", "-0", "1e5", "NaN", "0.10"]
LETTERS = ["e\u0301", "\u00e9", "\u2028", '"\\', "\ufeff王", "\U0001f468\u200d\U0001f467"]
TRICKY = st.sampled_from([*NUMBERS, *LETTERS])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TYPED | TRICKY)
def test_a_value_comes_back_to_every_phone_exactly_as_it_was_typed(world: World, text: str) -> None:
    home = world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    edit = east.corrects(home, phone=text)
    east.syncs()
    west.syncs()
    assert edit.status == "applied"
    assert west.sees(home).phone == text
    assert east.sees(home).phone == text
    again = west.corrects(home, water="tap")
    west.syncs()
    east.syncs()
    assert again.status == "applied", "what was read back is no edit of it"
    assert east.sees(home).phone == text
