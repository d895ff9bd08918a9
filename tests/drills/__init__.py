"""Accidents on purpose: what must never happen is tried to make happen."""
