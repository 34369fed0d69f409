"""A district that looks real and is nobody's: the data of `make demo`, of screenshots and of benchmarks."""
