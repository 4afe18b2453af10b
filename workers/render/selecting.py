"""Which files of a plain folder are manifests that somebody wants read: by names, and by an environment's globs."""

from collections.abc import Collection
from pathlib import PurePosixPath

from pushboat.config.definition import SELECTING, for_plain_folders
from pushboat.config.environment import Environment
from pushboat.config.globs import Globs
from pushboat.config.helm import CHART
from pushboat.errors import RenderFailed
from workers.render.kustomize.fields import NAMES
from workers.source.checkout import CheckedOut
from workers.source.walking import Word

SUFFIXES = (".yaml", ".yml", ".json")
MOST_NAMED = 10
"""Files and folders that are named as left out."""


def is_plain(names: Collection[str], render: str) -> bool:
    """Say whether a folder in which these names lie is read file by file."""
    return render == "plain" or (render == "auto" and not {*NAMES, CHART} & set(names))


class Selection:
    """The choice of one environment; whatever begins with a dot is never read."""

    def __init__(self, environment: Environment) -> None:
        self._include, self._exclude = Globs(environment.include), Globs(environment.exclude)
        self._recurse = environment.recurse

    def of(self, path: str, *, folder: bool) -> Word:
        """Say what is done with a file, or with a folder and all that lies in it."""
        name = path.rpartition("/")[2]
        if name.startswith(".") or not (folder or is_manifest(name)):
            return Word.IGNORE
        if (folder and not self._recurse) or self._exclude.match(path, folder=folder):
            return Word.LEAVE_OUT
        return Word.TAKE if folder or not self._include or self._include.match(path) else Word.LEAVE_OUT


def is_manifest(name: str) -> bool:
    """Say whether a file of this name may hold manifests; kustomizations count, so that they can be refused."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES or name in NAMES


def names_nothing(glob: str, files: Collection[str]) -> bool:
    """Say whether a glob has a name without wildcards in it, and takes none of these files."""
    plain = any(not set("*?[") & set(name) for name in glob.strip("/").split("/"))
    taken = Globs([glob])
    return plain and not any(taken.match(path) for path in files)


def demand_fitting(checked_out: CheckedOut, environment: Environment, engine: str) -> None:
    """Refuse a choice that means nothing to a renderer, and a file where it needs a folder.

    Raises:
        RenderFailed: with what to remove.
    """
    said = {"include": environment.include, "exclude": environment.exclude, "recurse": not environment.recurse}
    chosen = next((name for name in SELECTING if said[name]), "")
    if chosen and engine != "plain":
        raise RenderFailed(f"{checked_out.shown}: `{chosen}` {for_plain_folders(engine)}: remove it")
    if checked_out.file and engine != "plain":
        raise RenderFailed(f"{checked_out.file} is a file of manifests: remove `render: {engine}`, or name a folder")
    if checked_out.file and chosen:
        raise RenderFailed(f"{checked_out.file} is a file, and `{chosen}` is for folders: remove one of the two")


def said_of_choice(checked_out: CheckedOut) -> tuple[str, ...]:
    """Name once what the choice of files leaves out, for the plan and for the deployment's page."""
    out = checked_out.chosen_out
    more = f" and {len(out) - MOST_NAMED:,} more" if len(out) > MOST_NAMED else ""
    return (f"left out by .pushboat.yaml: {', '.join(out[:MOST_NAMED])}{more}",) if out else ()
