"""Places in a list as opaque text, for programs that go on from there."""

import base64
import binascii

LARGEST = 2**63 - 1


def sealed(*numbers: int) -> str:
    """Numbers as a cursor; what is in it is nobody's business but ours."""
    text = ".".join(map(str, numbers))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unsealed(cursor: str, count: int) -> list[int]:
    """The numbers of a cursor; raises ValueError for one that we did not make."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError) as error:
        raise ValueError(cursor) from error
    numbers = [int(part) for part in text.split(".")]
    is_ours = len(numbers) == count and all(0 <= number <= LARGEST for number in numbers)
    if not is_ours or sealed(*numbers) != cursor:
        raise ValueError(cursor)
    return numbers
