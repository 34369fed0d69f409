"""The map of households: what it counts and marks, within the reach of whoever looks."""
