"""What Hypothesis draws: the same cases in every run of the tests, so that a failure is a failure of the change.

`make soak` draws new ones, forty times as many, from a seed that it prints: before a release, and whenever a machine is
idle.
"""

from hypothesis import HealthCheck, settings

# A slow machine is not a broken law: no deadlines.
_PATIENT = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("fixed", max_examples=100, derandomize=True, **_PATIENT)
settings.register_profile("soak", max_examples=4000, **_PATIENT)
settings.load_profile("fixed")


def is_fixed() -> bool:
    """Whether this run draws what every run draws."""
    return bool(settings().derandomize)
