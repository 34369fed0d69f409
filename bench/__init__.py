"""Measurements. They say how long things take on the machine at hand; no test asserts a duration."""
