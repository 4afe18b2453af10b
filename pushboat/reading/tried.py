"""What was tried on a pull request, as a folded list in its sticky comment: the newest first."""

from pushboat.model import markdown
from pushboat.model.deployment import Deployment, short
from pushboat.model.fitting import Part, Piece
from pushboat.model.state import Kind, State
from pushboat.model.wording import beside, counted
from pushboat.reading.proposed import Proposed

LONGEST_REASON = 160


def history(proposed: Proposed, public_url: str) -> Part:
    """List what was deployed from a pull request, by a command or by its merge."""
    every = {each.id: each for each in (*proposed.tried, *proposed.brought)}
    found = sorted(every.values(), key=lambda deployment: -deployment.id)
    if not found:
        return Part()
    return Part(
        head=f"<details>\n<summary>{counted(len(found), 'deployment')} from here</summary>\n",
        pieces=tuple(Piece(text=_line(each, public_url)) for each in found),
        end="</details>",
        joint="\n",
        rest="… and {number} earlier ones",
    )


def _line(deployment: Deployment, public_url: str) -> str:
    what = markdown.link(f"{deployment.lane.environment}", public_url + deployment.path)
    word = "rollback" if deployment.again else "removal" if deployment.kind is Kind.REMOVAL else ""
    kind = f" ({word})" if word else ""
    end = f"; {deployment.aftermath}" if deployment.aftermath else ""
    reason = deployment.waits or ("" if deployment.state is State.SUPERSEDED else deployment.reason)
    cause = markdown.sentence(beside(reason.removesuffix(end), deployment.state), LONGEST_REASON)
    why = f": {cause}" if cause else ""
    if end:  # a long cause does not push out what became of it
        why += f"; {markdown.sentence(deployment.aftermath, LONGEST_REASON)}"
    return f"- {what} `{short(deployment.sha)}`{kind} {deployment.state}{why}"
