"""The order in which operations that waited for the same thing are decided: that in which their authors made them.

What waits for a person holds nobody up, so that a later link of a branch would be decided first if it had come first,
and contradict its own author.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fieldsvc.services.intake.arrival import Arrival


def in_order(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """These, each behind those that stand before it in a branch of both; otherwise in the order in which they came."""
    chains = defaultdict[tuple[str, str], list[tuple[int, int]]](list)
    for number, arrival in enumerate(arrivals):
        for wish in arrival.reading.wishes:
            if wish.branch_id:
                chains[wish.branch_id, wish.entity_id].append((wish.base_version, number))
    before = defaultdict[int, set[int]](set)
    for chain in chains.values():
        for place, number in chain:
            before[number] |= {other for earlier, other in chain if earlier < place}
    placed, left = list[int](), list(range(len(arrivals)))
    while left:
        # Two that each stand before the other are no work of our app; they come as they came.
        following = next((each for each in left if before[each].isdisjoint(left)), left[0])
        left.remove(following)
        placed.append(following)
    return [arrivals[each] for each in placed]
