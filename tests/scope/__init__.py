"""Who sees, opens and edits the rows of every model: one module of tables per area.

A new model has its rows and its table in ``TABLES`` of the area it belongs to: model → (how to make
each row, who may do what with it). Every line makes the row that would leak.
"""

from . import apparatus, firms, money, outreach, projects, reference, supply, work

AREAS = (projects, money, firms, outreach, work, supply, reference, apparatus)
SCOPE = {model: entry for area in AREAS for model, entry in area.TABLES.items()}
