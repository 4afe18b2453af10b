"""What the `.pushboat.yaml` at a commit says, as facts: its environments, or its mistakes."""

from dataclasses import replace

from pushboat.errors import InvalidRepositoryFile
from pushboat.routing import Commit, Facts
from workers.source.environments import environments_at
from workers.tools import Tools


def at_commit(tools: Tools, name: str, sha: str) -> Facts:
    """Read the file of a commit of the repository `name` (`github/acme/shop`)."""
    try:
        environments, has_file = environments_at(tools, name, sha)
    except InvalidRepositoryFile as invalid:
        return Facts(environments={}, mistakes=invalid.mistakes, named=invalid.named)
    return Facts(environments=environments, has_file=has_file)


def about(tools: Tools, name: str, known: Facts, commit: Commit) -> Facts:
    """Add to what is known which commit is meant, and what its file says."""
    there = at_commit(tools, name, commit.sha)
    return replace(
        known,
        commit=commit,
        environments=there.environments,
        mistakes=there.mistakes,
        named=there.named,
        has_file=there.has_file,
    )
