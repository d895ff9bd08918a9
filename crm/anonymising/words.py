"""The words by which a person is known here, and how texts are freed of them."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from crm.models import FieldChange

SHORTEST_NAME = 2
SHORTEST_NUMBER = 7
GONE = "***"


@dataclass(frozen=True)
class Words:
    """Names and numbers in every way they are written; ``stand_in`` is read instead of a name."""

    names: frozenset[str]
    numbers: frozenset[str]
    stand_in: str

    def numbers_only(self) -> "Words":
        return replace(self, names=frozenset())

    def without(self, text: str) -> str:
        """Longest first, so that no part of a number or an encoded name is left."""
        for word in sorted(self.numbers | self.names, key=len, reverse=True):
            text = text.replace(word, GONE if word in self.numbers else self._instead(word))
        return text

    def out_of(self, value):
        """The same for a text or for whatever JSON holds."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.out_of(each) for each in value]
        if isinstance(value, dict):
            return {self.out_of(key): self.out_of(each) for key, each in value.items()}
        return value

    def _instead(self, word: str) -> str:
        return quote(self.stand_in) if word.startswith("%") else self.stand_in


def words_of(people, stand_in: str) -> Words:
    """What the contacts are and were called, and their numbers now and before."""
    said = {"name": set(), "mobile": set(), "phone": set()}
    for person in people:
        for field, values in said.items():
            values.add(getattr(person, field))
    former = FieldChange.objects.filter(
        model="contact", record_id__in=[person.pk for person in people], field__in=said
    )
    for change in former:
        said[change.field] |= {change.before, change.after}
    names = {name for name in said["name"] if len(name) >= SHORTEST_NAME and name != stand_in}
    numbers = {way for number in said["mobile"] | said["phone"] for way in _ways(number)}
    return Words(frozenset(names | set(map(quote, names))), frozenset(numbers), stand_in)


def _ways(number: str) -> set[str]:
    """A number as it is kept, without its signs, and as people group it."""
    digits = "".join(sign for sign in number if sign.isdigit())
    if len(digits) < SHORTEST_NUMBER:
        return set()
    ways = {number, digits}
    if len(digits) == 11:
        groups = digits[:3], digits[3:7], digits[7:]
        ways |= {between.join(groups) for between in (" ", "-")}
    return ways
