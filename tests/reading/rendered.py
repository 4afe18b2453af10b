"""What a forge makes of a comment: its Markdown as HTML, by the parser that comes with our terminal's tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt

MARKDOWN = MarkdownIt("commonmark").enable("table")


@dataclass
class Page(HTMLParser):
    """The elements of a page, and the text that stands outside of code."""

    open: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    outside: str = ""
    inside: str = ""
    unbalanced: bool = False

    def __post_init__(self) -> None:
        """Begin with nothing open."""
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.seen.append(tag)
        self.addresses += [str(value) for name, value in attrs if name in ("href", "src")]
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note its end, which must be that of the one that is open."""
        if not self.open or self.open.pop() != tag:
            self.unbalanced = True

    def handle_data(self, data: str) -> None:
        """Tell apart what forges look for mentions in."""
        if "code" in self.open:
            self.inside += data
        else:
            self.outside += data

    def handle_comment(self, data: str) -> None:
        """Note what is hidden."""
        self.comments.append(data.strip())


def rendered(text: str) -> Page:
    """Render a comment."""
    page = Page()
    page.feed(MARKDOWN.render(text))
    page.close()
    return page


def mentions(text: str) -> Iterator[str]:
    """Find what a forge would turn into a mention or a link in text outside of code."""
    yield from re.findall(r"@\w+|(?<!\w)#\d+|GH-\d+|!\d+|https?://\S+", text)
