"""Small pieces of the interface: icons, badges, amounts."""

from django import template
from django.utils.html import format_html, mark_safe
from django.utils.text import capfirst

from crm import watermark
from crm.money import format_yuan
from crm.names import brief_name

register = template.Library()

# Drawn on a 24 × 24 grid with a stroke of 1.75.
ICONS = {
    "park": "M3 21h18M5 21V8l6-4v17M11 10h8v11M8 9v.01M8 13v.01M8 17v.01M15 14v.01M15 18v.01",
    "home": "M4 11.5 12 5l8 6.5M6.5 10v8.5h4v-5h3v5h4V10",
    "project": "M4 7h6l2 2.5h8V18H4zM8 14h8",
    "company": "M5 20V5h9v15M14 9h5v11M3 20h18M8 8.5h3M8 12h3M8 15.5h3M16.5 12.5v0M16.5 16v0",
    "visit": "M12 21s6.5-5.4 6.5-10.5a6.5 6.5 0 0 0-13 0C5.5 15.6 12 21 12 21zM12 8.2v4.6"
    "M9.7 10.5h4.6",
    "deal": "M7 4h7l4 4v12H7zM14 4v4h4M9.5 13.5l1.8 1.8 3.4-3.6",
    "report": "M5 19V5M5 19h14M9 16v-4M13 16V8M17 16v-6",
    "reference": "M5 5.5c2-.9 4.6-.9 7 .5 2.4-1.4 5-1.4 7-.5v13c-2-.9-4.6-.9-7 .5"
    "-2.4-1.4-5-1.4-7-.5zM12 6v13",
    "settings": "M5 8h8M17 8h2M5 16h2M11 16h8M15 6v4M9 14v4",
    "contact": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6",
    "trip": "M4 17.5h16M6 17.5V8h12v9.5M9.5 8V5.5h5V8",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20",
    "plus": "M12 5v14M5 12h14",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "sun": "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7"
    "M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4",
    "filter": "M4 6h16l-6 7v5l-4 2v-7z",
    "download": "M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14",
    "upload": "M12 15.5V4.5M7.5 8.5 12 4l4.5 4.5M5 19.5h14",
    "undo": "M9 14.5 4.5 10 9 5.5M5 10h9.5a5 5 0 0 1 0 10H10",
    "arrow": "M5 12h13M13 7l5 5-5 5",
    "check": "M5 12.5 10 17.5 19.5 7",
    "warning": "M12 4 21 19.5H3zM12 10v4.5M12 17v.3",
    "clock": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2",
    "user": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6",
    "close": "M6 6l12 12M18 6 6 18",
    "back": "M15 5l-7 7 7 7",
    "camera": "M4 8h3.5L9 5.5h6L16.5 8H20v11H4z"
    "M12 16.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5z",
    "image": "M4 5h16v14H4zM4 16l4.5-5 4 4.5 2.5-2.5 5 5M15.5 9.5v0",
    "device": "M7.5 3.5h9v17h-9zM10.5 17.5h3",
    "phone": "M6.5 4h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3c0 1.4-1.1 2-2 2"
    "C10.6 19 5 13.4 4.5 6c0-.9.6-2 2-2z",
    "edit": "M5 19h4L19 9l-4-4L5 15zM13 7l4 4",
    "file": "M7 3.5h7l4 4V20.5H7zM14 3.5v4h4M9.5 12h6M9.5 15.5h6",
    "note": "M5 5h14v10l-4.5 4.5H5zM14.5 19.5V15H19M8.5 9h7M8.5 12.5h4",
    "help": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM9.8 9.6a2.3 2.3 0 1 1 3.3 2.1"
    "c-.8.4-1.1.9-1.1 1.8M12 16.4v.2",
    "flag": "M6 21V4h11l-2 4 2 4H6",
    "bell": "M6 16.5V11a6 6 0 1 1 12 0v5.5l1.5 2h-15zM10 20.5h4",
    "send": "M4 12 20 4l-4.5 16-4-6.5zM11.5 13.5 20 4",
    "lock": "M6.5 11h11v9h-11zM9 11V8a3 3 0 0 1 6 0v3",
    "empty": "M4 13.5 7 5h10l3 8.5V19H4zM4 13.5h4.5l1.5 2.5h4l1.5-2.5H20",
}


@register.simple_tag
def icon(name: str):
    """An inline SVG icon; decoration only, so hidden from screen readers."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" '
        'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" '
        'stroke-linejoin="round"><path d="{}"/></svg>',
        mark_safe(ICONS[name]),  # noqa: S308 - our own constant
    )


@register.simple_tag
def print_mark(user):
    """Who looks at the page and when: shown on paper only, at the foot of every sheet."""
    return format_html('<p class="print-mark">{}</p>', watermark.print_mark(user))


@register.simple_tag
def stage_badge(project):
    """The stage as a coloured badge."""
    return format_html(
        '<span class="badge stage-{}">{}</span>', project.stage, project.get_stage_display()
    )


@register.simple_tag
def labelled(cells, headers):
    """The cells of a list's row; each carries its column's name, shown where rows are cards."""
    named = (
        str(cell).replace("<td", _opening(header), 1)
        for cell, header in zip(cells, headers, strict=False)
    )
    return mark_safe("".join(named))  # noqa: S308 - Django's own cells, and an escaped name


def _opening(header: dict) -> str:
    """How the cells of a column begin; kept with the column, as every row asks."""
    if "opening" not in header:
        is_box = "action-checkbox" in header.get("class_attrib", "")
        name = capfirst(header["text"])
        header["opening"] = "<td" if is_box else format_html('<td data-label="{}"', name)
    return header["opening"]


@register.filter
def yuan(amount) -> str:
    """An amount for reading: 1.25亿元, 3,500万元, 待定."""
    return format_yuan(amount)


@register.filter
def brief(firm) -> str:
    """A firm's short name, or its name without the legal form."""
    return brief_name(firm.short_name)


@register.filter
def model_name(model) -> str:
    """What the rows of a table are called."""
    return model._meta.verbose_name_plural
