"""The small map drawn without a map: to scale, and everything on it."""

from hypothesis import given
from hypothesis import strategies as st

from fieldsvc.office.sketch import HEIGHT, WIDTH, Position, direction, distance, draw, parse

near = st.builds(
    Position, st.floats(29.8, 29.9), st.floats(118.2, 118.4), st.none() | st.floats(1, 3000, allow_nan=False)
)


@given(near, near)
def test_both_points_and_their_circles_are_on_the_paper(visit: Position, home: Position) -> None:
    sketch = draw(visit, home)
    assert sketch.home
    for mark in (sketch.home, sketch.visit):
        assert mark.radius - 1 <= mark.x <= WIDTH - mark.radius + 1
        assert mark.radius - 1 <= mark.y <= HEIGHT - mark.radius + 1
    assert 0 < sketch.bar < WIDTH


@given(near, near)
def test_distance_does_not_depend_on_where_one_starts(here: Position, there: Position) -> None:
    assert abs(distance(here, there) - distance(there, here)) < 1e-6


def test_a_kilometre_north_is_a_kilometre_north() -> None:
    home = Position(29.87, 118.33)
    visit = Position(29.87 + 1 / 111.195, 118.33)
    assert abs(distance(home, visit) - 1000) < 1
    assert direction(home, visit) == "n"


def test_what_is_no_position_is_none() -> None:
    for value in (None, "", "29.87", "north of the river", "91 118", "29 181", 5, ["29.87", "118.33"]):
        assert parse(value) is None
    assert parse("29.87 118.33 0 12") == Position(29.87, 118.33, 12.0)
    assert parse("29.87 118.33") == Position(29.87, 118.33, None)
