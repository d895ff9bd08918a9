"""Numbers that lead to the rows behind them."""

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def linked(text, behind, link):
    """The number as a link to its rows; plain where there are none or they are closed."""
    address = link(behind) if text else ""
    return format_html('<a href="{}">{}</a>', address, text) if address else text


@register.simple_tag
def number_of(numbers: dict, name: str):
    return numbers[name]


@register.simple_tag
def total_of(picture, name: str) -> int:
    return picture.total(name)
