"""Speed against floors, in ratios taken in one run: ``make bench``, ``python -m tests.bench``.

A subject is a module here with ``measure(quick) -> Iterator[Figure]``; it is found by itself.
"""
