"""Reading the forms of a page as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class PageForm:
    """One form: where it goes, and what it would send untouched."""

    action: str
    method: str
    data: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[PageForm] = []
        self._by_id: dict[str, PageForm] = {}
        #: Fields that stand outside of their form: its id, name, value.
        self._outside: list[tuple[str, str, str]] = []
        self._open: PageForm | None = None
        self._text: str | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.url, said.get("action") or self.url)
            self._open = PageForm(action, said.get("method", "get").lower())
            self.forms.append(self._open)
            self._by_id[said.get("id", "")] = self._open
        if tag == "input" and "form" in said:
            self._outside.append((said["form"], said.get("name", ""), said.get("value", "")))
            return
        if self._open is None or "disabled" in said:
            return
        name = said.get("name", "")
        if tag == "input" and name:
            kind = said.get("type", "text")
            if kind in {"checkbox", "radio"} and "checked" not in said:
                return
            if kind not in {"submit", "button", "file", "image"}:
                self._add(name, said.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "textarea":
            self._add(name, "")
            self._text = name
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select is not None:
            self._options.append((said.get("value", ""), "selected" in said))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._options if selected] or [v for v, _ in self._options[:1]]
            for value in chosen:
                self._add(self._select, value)
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._text is not None:
            # A browser leaves out the line break right after the opening tag.
            self._open.data[self._text][-1] = (self._open.data[self._text][-1] + data).removeprefix("\n")

    def close(self) -> None:
        """Bring the fields that stand outside of their form home."""
        super().close()
        for form, name, value in self._outside:
            if form in self._by_id:
                self._by_id[form].data.setdefault(name, []).append(value)

    def _add(self, name: str, value: str) -> None:
        if self._open is not None:
            self._open.data.setdefault(name, []).append(value)


def forms_of(html: str, url: str) -> list[PageForm]:
    """Return the forms of a page that stands at `url`."""
    reader = _Reader(url)
    reader.feed(html)
    reader.close()
    return reader.forms
