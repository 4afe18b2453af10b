"""Pull requests of random size, with texts from people who mean no good."""

from random import Random

from pushboat.model.changeset import Action, Change, Left, PlanWarning, Topic
from pushboat.model.deployment import Counts, Deployment, Lane
from pushboat.model.manifest import Ref
from pushboat.model.state import Kind, State
from pushboat.model.status import Status
from pushboat.reading.proposed import Planned, Proposed

HEAD, BASE = "1a2b3c4" + "0" * 33, "5d6e7f8" + "0" * 33
PIECES = (
    "```", "````````", "~~~~", "`", "</details>", "</summary>", "<details>", "<!--", "-->", "<script>x</script>",
    "@alice", "@acme/admins", "#123", "GH-7", "!9", "https://evil.example", "[a](http://evil.example)", "![](//x)",
    "/deploy production", "/close", "\n", "\r\n", "\n\n", "\u202e", "\u2028", "\0", "\ud800", "|", "\\|", "**",
    "ü🚢", "x" * 300, " ", "<!-- pushboat-sticky-0123456789abcdef -->", "| a | b |\n|---|---|", "$x$", ":rocket:",
    "_", "&lt;",
)  # fmt: skip


def words(chance: Random, most: int = 12) -> str:
    """Draw a text."""
    return "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, most)))


def diff(chance: Random) -> str:
    """Draw a diff as the planning makes it; its field paths are the attacker's, line breaks included."""
    lines = ["--- live x", "+++ wanted x"]
    for _ in range(chance.randrange(1, 6)):
        lines.append(f"@@ {words(chance, 4)} @@")
        lines += [chance.choice("+- ") + words(chance) for _ in range(chance.randrange(0, 40))]
    return "\n".join(lines) + "\n"


def change(chance: Random) -> Change:
    """Draw what would become of one object."""
    return Change(
        ref=Ref("apps", "Deployment", "shop", words(chance, 4)),
        action=chance.choice(list(Action)),
        why=words(chance) if chance.random() < 0.3 else "",
        diff=diff(chance),
        notes=tuple(words(chance) for _ in range(chance.randrange(0, 8))),
        left=(Left(words(chance), words(chance)),) if chance.random() < 0.3 else (),
        warnings=tuple(PlanWarning(topic=chance.choice(list(Topic)), sentence=words(chance)) for _ in range(2)),
    )


def deployment(chance: Random, number: int, kind: Kind = Kind.PLAN, **more: object) -> Deployment:
    """Draw a plan or a deployment in an environment of its own."""
    values: dict[str, object] = {
        "state": chance.choice([State.SUCCEEDED, State.SUCCEEDED, *State]),
        "reason": words(chance),
        "counts": Counts(created=chance.randrange(3), configured=chance.randrange(3), refused=chance.randrange(2)),
        "base": words(chance, 4),
        "base_sha": BASE,
        **more,
    }
    lane = Lane(repository="github/acme/shop", environment=f"env-{number}", number=7 if kind is Kind.PLAN else 0)
    return Deployment(id=number, kind=kind, lane=lane, ref="topic", sha=HEAD, **values)  # type: ignore[arg-type]  # drawn


def proposed(seed: int, environments: int = 5, objects: int = 20) -> Proposed:
    """Draw a pull request."""
    chance = Random(seed)  # which are tried is no secret
    return Proposed(
        head=HEAD,
        closed=chance.random() < 0.2,
        merged=HEAD if chance.random() < 0.1 else "",
        answer=Status(context="pushboat/plan", state=State.FAILED, description=words(chance), path="/"),
        planned=tuple(
            Planned(
                plan=deployment(chance, number),
                changes=tuple(change(chance) for _ in range(chance.randrange(0, objects))),
                hooks=chance.randrange(2),
            )
            for number in range(chance.randrange(0, environments))
        ),
        tried=tuple(deployment(chance, 100 + number, Kind.DEPLOY) for number in range(chance.randrange(0, 10))),
    )
