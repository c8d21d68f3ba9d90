"""What a browser would send back of a form that nobody touched."""

from html.parser import HTMLParser
from typing import Any

UNSENT = {"submit", "button", "image", "reset", "file"}


class FormReader(HTMLParser):
    """Reads the fields of the form with a certain id, each with the values it would send."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.is_inside = False
        self.fields: dict[str, list[str]] = {}
        self.select: tuple[str, bool] | None = None
        self.options: list[tuple[str, bool]] = []
        self.textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field, or that one begins."""
        facts: dict[str, Any] = dict(attrs)
        if tag == "form":
            self.is_inside = facts.get("id") == self.form_id
        name = facts.get("name")
        if not self.is_inside or (tag != "option" and not name) or "disabled" in facts:
            return
        if tag == "input":
            self._input(name, facts)
        elif tag == "select":
            self.select, self.options = (name, "multiple" in facts), []
        elif tag == "option" and self.select:
            self.options.append((facts.get("value") or "", "selected" in facts))
        elif tag == "textarea":
            self.textarea = name
            self.fields[name] = [""]

    def _input(self, name: str, facts: dict[str, Any]) -> None:
        kind = facts.get("type", "text")
        if kind in UNSENT or (kind in ("checkbox", "radio") and "checked" not in facts):
            return
        default = "on" if kind == "checkbox" else ""
        self.fields.setdefault(name, []).append(facts.get("value") or default)

    def handle_data(self, data: str) -> None:
        """The text of a text area; its first line break is not part of it."""
        if self.textarea is not None:
            self.fields[self.textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        """Note what a field that has ended would send."""
        if tag == "form":
            self.is_inside = False
        elif tag == "textarea" and self.textarea is not None:
            text = self.fields[self.textarea][0]
            self.fields[self.textarea] = [text.removeprefix("\r\n").removeprefix("\n")]
            self.textarea = None
        elif tag == "select" and self.select:
            name, is_multiple = self.select
            chosen = [value for value, is_selected in self.options if is_selected]
            if not chosen and self.options and not is_multiple:
                chosen = [self.options[0][0]]
            if chosen:
                self.fields[name] = chosen
            self.select = None


def fields_of(html: str, form_id: str) -> dict[str, list[str]]:
    """What the form would send, by field."""
    reader = FormReader(form_id)
    reader.feed(html)
    return reader.fields
