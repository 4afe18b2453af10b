"""What a command is, and where all of them are found: each file of `commands/` holds one, whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pushboat.errors import NotYetSupported
from pushboat.model.ask import Ask
from pushboat.model.command_words import SLASH
from pushboat.model.state import State
from pushboat.model.wording import printable
from pushboat.routing.decision import Decision, Facts
from pushboat.routing.discovering import rows

ENVIRONMENT = "environment"
FROM = "from"
"""What is promoted runs in this environment."""
_CALLED = {"to": ENVIRONMENT}
"""A grammar's words for the environment that the ask is about, where it names another one too."""
PRUNE = "prune"
"""The flag that consents to a large prune, once."""
PULL_REQUEST = "pull_request"
"""The flag that has a promotion proposed instead of deployed."""
REASON = "reason"
"""Why somebody wants it: on the command line an option, in a comment the rest of the line where its grammar ends so."""
GLASS = "break_glass"
"""The option that lets one deployment pass what is breakable, with the reason why."""
YES = "yes"
"""What a flag says, where it is written."""
_FOLDER = Path(__file__).with_name("commands")
"""Its files are loaded by their names: none of them is known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of the command line, `--name VALUE`, with `-` for `_`; the ask carries it under its name.

    `read` refuses a value with a ValueError, whose sentence says how to write it. Without a `metavar` it is a flag: it
    says yes, or nothing. Flags stand in comments too, behind the names; so do those with a value that is `spoken`.
    """

    name: str
    help: str
    metavar: str = ""
    read: Callable[[str], object] = str
    spoken: bool = False

    @property
    def in_comments(self) -> bool:
        """Say whether a comment may have it."""
        return self.spoken or not self.metavar

    @property
    def written(self) -> str:
        """Give it as people write it."""
        return f"--{self.name.replace('_', '-')}"


WAITING = Option(name="sha", metavar="COMMIT", help="Which commit.  [default: the newest that waits there]")
PRUNING = Option(name=PRUNE, help="Let this one deployment delete more than half of what is there.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command.

    `grammar` is what a comment says: words as they stand, `<names>` for what the asker puts there, `[names]` for what
    may be left out (`[reason]`: in as many words as it takes); without one the command is for the command line only.
    `about` begins with the line that help shows.
    `about_a_commit` says that the worker must find out which commit is meant, and what it defines, `about_releases`
    what the environment had so far, `inherits` which commit the cluster names, where our store knows of none. `may`
    refuses whoever may not, `lead` decides what follows. `ends_as` is the state
    that an asker on the command line waits for, where the command leads to a deployment. `options` are the command
    line's; flags among them are a comment's too. `typed`: it is confirmed by the environment's name. `instead` is what
    a comment is answered, where the command is for the command line only. `of_forks`: it may be about a stranger's
    commit, so the asker's permission is asked for even where no environment is named. `of_approvals`: it counts in a
    comment on a commit too, and on a merged pull request about its merge. `promotes`: its commit is the
    one that runs in another environment. `lets_go`: it ends what holds an environment, so it says what is next there.
    """

    word: str
    about: str
    may: Callable[[Ask, Facts], None]
    lead: Callable[[Ask, Facts], Decision]
    grammar: str = ""
    about_a_commit: bool = False
    about_releases: bool = False
    inherits: bool = False
    ends_as: State | None = None
    typed: bool = False
    instead: str = ""
    of_forks: bool = False
    of_approvals: bool = False
    promotes: bool = False
    lets_go: bool = False
    options: tuple[Option, ...] = ()

    @property
    def help(self) -> str:
        """Give its line of help."""
        return self.about.partition("\n")[0]

    @property
    def words(self) -> tuple[str, ...]:
        """Give what stands between /deploy and the names."""
        return tuple(word for word in self._written if word[0] not in "<[")

    @property
    def names(self) -> tuple[str, ...]:
        """Name what the asker puts in."""
        return tuple(_CALLED.get(word, word) for word in self.shown)

    @property
    def shown(self) -> tuple[str, ...]:
        """Give those names as the grammar shows them."""
        return tuple(word.strip("<>") for word in self._written if word.startswith("<"))

    @property
    def optional(self) -> tuple[str, ...]:
        """Name what the asker may put in behind that, a word each."""
        return tuple(name for name in self._bracketed if name != REASON)

    @property
    def takes_reason(self) -> bool:
        """Say whether all that a comment's line says behind the names is why."""
        return REASON in self._bracketed

    @property
    def flags(self) -> tuple[str, ...]:
        """Name the options that say just yes, as they are written."""
        return tuple(option.written for option in self.options if not option.metavar)

    @property
    def _bracketed(self) -> list[str]:
        return [word.strip("[]") for word in self._written if word.startswith("[")]

    @property
    def _written(self) -> list[str]:
        return self.grammar.removeprefix(SLASH).split()


@cache
def table() -> Mapping[str, Command]:
    """Give every command by its word, in the order of their names."""
    return rows(_FOLDER, __package__, "COMMAND", Command, lambda command: command.word)


def named(word: str) -> Command:
    """Give the command of a word.

    Raises:
        NotYetSupported: this version has none, or no longer.
    """
    if word not in table():
        raise NotYetSupported(f"not yet supported: {SLASH} {printable(word)}")
    return table()[word]
