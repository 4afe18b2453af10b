"""A comment as GitHub shows it, near enough to judge by: its Markdown, its widths, its colours by day."""

import html
import re

from tests.reading.rendered import MARKDOWN

STYLE = """
body { margin: 0; padding: 12px; background: #fff; color: #1f2328; font: 14px/1.5 -apple-system, "Segoe UI",
  "Noto Sans", Helvetica, Arial, "Noto Color Emoji", "Noto Emoji", sans-serif; overflow-wrap: break-word }
article { border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; margin-bottom: 12px }
header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px; color: #59636e }
header b { color: #1f2328 }
header i { font-style: normal; border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 7px; font-size: 12px }
section { padding: 16px }
section > :first-child { margin-top: 0 } section > :last-child { margin-bottom: 0 }
p, ul, table, pre, details { margin: 0 0 16px } ul { padding-left: 2em } li + li { margin-top: 4px }
a { color: #0969da } summary { cursor: pointer; margin-bottom: 8px }
code { font: 85% ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; background: #818b981f;
  border-radius: 6px; padding: .2em .4em; white-space: break-spaces }
pre { background: #f6f8fa; border-radius: 6px; padding: 12px; overflow: auto; line-height: 1.45 }
pre code { background: none; padding: 0; white-space: pre }
table { border-collapse: collapse; display: block; width: max-content; max-width: 100%; overflow: auto }
th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left }
.plus { background: #dafbe1; color: #116329 } .minus { background: #ffebe9; color: #82071e } .hunk { color: #0550ae }
.plus, .minus { display: inline-block; min-width: 100% }
"""
_HEAD = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
_DIFF = re.compile(r'(<pre><code class="language-diff">)(.*?)(</code></pre>)', re.S)


def page(*comments: str, unfolded: bool = False) -> str:
    """Write a page with these comments of ours."""
    shown = "".join(_article(each) for each in comments)
    if unfolded:
        shown = shown.replace("<details>", "<details open>", 1)
    return f"{_HEAD}<style>{STYLE}</style>{shown}"


def _article(comment: str) -> str:
    body = _DIFF.sub(lambda found: f"{found[1]}{_coloured(found[2])}{found[3]}", MARKDOWN.render(comment))
    return f"<article><header><b>pushboat</b> <i>bot</i> commented</header><section>{body}</section></article>"


def _coloured(diff: str) -> str:
    return "\n".join(_line(line) for line in diff.split("\n"))


def _line(line: str) -> str:
    sign = html.unescape(line)[:1]
    name = {"+": "plus", "-": "minus", "@": "hunk"}.get(sign, "")
    return f'<span class="{name}">{line}</span>' if name else line
