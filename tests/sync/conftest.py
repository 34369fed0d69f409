"""How hard laws are tried. `--hypothesis-profile=deep` tries them forty times as hard, before a release."""

from hypothesis import HealthCheck, settings

# A slow machine is not a broken law: no deadlines.
_PATIENT = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("laws", max_examples=100, **_PATIENT)
settings.register_profile("deep", max_examples=4000, **_PATIENT)
settings.load_profile("laws")
