"""Room for more rows in a finished sheet: what lies below moves down, with all that belongs to it.

openpyxl's own ``insert_rows`` moves cells only: merges, heights, formulas and the print area stay.
"""

import re
from copy import copy

from openpyxl.utils import get_column_letter

_REFERENCE = re.compile(r"(?<![A-Za-z0-9_!$])(\$?[A-Z]{1,3}\$?)([0-9]{1,7})(?![0-9A-Za-z_(])")


def make_room(page, row: int, count: int) -> None:
    """Make ``count`` rows of the row ``row``; formulas below and print area follow."""
    more = count - 1
    if more < 1:
        return
    last = get_column_letter(page.max_column)
    if page.max_row > row:
        page.move_range(f"A{row + 1}:{last}{page.max_row}", rows=more)
    _move_heights(page, row, more)
    _move_formulas(page, row, more)
    for area in list(page.merged_cells.ranges):
        _move_merge(page, area, row, more)
    _stretch_print_area(page, row, more)


def _move_heights(page, row: int, more: int) -> None:
    heights = {number: shape.height for number, shape in page.row_dimensions.items()}
    below = [number for number in heights if number > row]
    for number in below:
        page.row_dimensions[number].height = heights.get(row)
    for number in range(row + 1, row + more + 1):
        page.row_dimensions[number].height = heights.get(row)
    for number in below:
        page.row_dimensions[number + more].height = heights[number]


def _move_formulas(page, row: int, more: int) -> None:
    """References to rows below move along; a range that ends with the row grows with it."""

    def moved(found: re.Match) -> str:
        column, number = found[1], int(found[2])
        is_end = found.string[: found.start()].endswith(":")
        if number > row or (number == row and is_end):
            number += more
        return f"{column}{number}"

    for cells in page.iter_rows():
        for cell in cells:
            if cell.data_type == "f" and isinstance(cell.value, str) and cell.row != row:
                cell.value = _REFERENCE.sub(moved, cell.value)


def _move_merge(page, area, row: int, more: int) -> None:
    """Below the row it moves, around the row it grows, in the row it is repeated."""
    if area.max_row < row:
        return
    if area.min_row == area.max_row == row:
        for offset in range(1, more + 1):
            repeated = copy(area)
            repeated.shift(row_shift=offset)
            page.merge_cells(str(repeated))
        return
    page.merged_cells.ranges.remove(area)
    if area.min_row > row:
        area.shift(row_shift=more)
        page.merged_cells.ranges.add(area)
    else:
        area.expand(down=more)
        page.merge_cells(str(area))


def _stretch_print_area(page, row: int, more: int) -> None:
    """An area that ends at the row or below it takes the new rows in."""
    area = re.fullmatch(r".*?\$?([A-Z]+)\$?([0-9]+):\$?([A-Z]+)\$?([0-9]+)", page.print_area or "")
    if area and int(area[4]) >= row:
        page.print_area = f"{area[1]}{area[2]}:{area[3]}{int(area[4]) + more}"
