"""The chains as a reader sees them: segment by segment what stands there, and what is missing."""

from .coverage import Year, coverage
from .picture import Cell, Picture, Stretch, pictures, until

__all__ = ["Cell", "Picture", "Stretch", "Year", "coverage", "pictures", "until"]
