"""What stands at a path of a commit: its mode, and git's name of its content."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree; `path` is relative to the repository's root."""

    mode: str
    oid: str
    path: str

    @property
    def is_link(self) -> bool:
        """Say whether it is a symbolic link."""
        return self.mode == "120000"

    @property
    def is_submodule(self) -> bool:
        """Say whether it points to another repository."""
        return self.mode == "160000"

    @property
    def is_file(self) -> bool:
        """Say whether it is a plain file."""
        return self.mode.startswith("100")

    @property
    def named(self) -> str:
        """Name what stands here: a file and a link of one content are two things."""
        return f"link {self.oid}" if self.is_link else self.oid

    @property
    def is_folder(self) -> bool:
        """Say whether it is a tree."""
        return self.mode == "040000"
