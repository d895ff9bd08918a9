"""Reads the form of a page as a browser would send it: what tests change is what a person types."""

from html.parser import HTMLParser

UNSENT = {"submit", "button", "file", "image", "reset"}


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms, self.fields, self.select, self.area, self.kept = [], None, None, None, ""

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        name = found.get("name")
        if tag == "form":
            self.fields = {}
            self.forms.append((found, self.fields))
        elif self.fields is None or (tag in ("input", "select", "textarea") and not name):
            return
        elif tag == "input":
            self._input(name, found)
        elif tag == "select":
            self.select = (name, "multiple" in found)
        elif tag == "option" and self.select:
            self._option(found)
        elif tag == "textarea":
            self.area, self.kept = name, ""

    def _input(self, name, found):
        kind = found.get("type", "text")
        if kind in UNSENT or "disabled" in found:
            return
        if kind in ("checkbox", "radio"):
            if "checked" in found:
                self._send(name, found.get("value", "on"), many=kind == "checkbox")
            return
        self._send(name, found.get("value", ""))

    def _option(self, found):
        name, many = self.select
        if "selected" in found or (not many and name not in self.fields):
            self._send(name, found.get("value", ""), many=many)

    def _send(self, name, value, *, many=False):
        if many and name in self.fields:
            held = self.fields[name]
            self.fields[name] = [*(held if isinstance(held, list) else [held]), value]
        else:
            self.fields[name] = value

    def handle_data(self, data):
        if self.area:
            self.kept += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.fields[self.area] = self.kept.removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.fields = None


def form_of(answer, action: str = "") -> dict:
    """What the page's form would send: the largest one, or the one that goes to this address."""
    reader = _Forms()
    reader.feed(answer.content.decode())
    forms = [
        fields for found, fields in reader.forms
        if found.get("method", "").lower() == "post" and action in found.get("action", "")
    ]  # fmt: skip
    fields = max(forms, key=len)
    return {name: value for name, value in fields.items() if "__prefix__" not in name}
