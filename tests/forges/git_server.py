"""A git server with our hook, somebody's clone, and the Pushboat that the hook reports to."""

import subprocess
from dataclasses import dataclass

from tests.fakes.bare import Bare
from tests.fakes.door import Trouble
from tests.fakes.plain_git import Clone
from tests.fakes.pushboat import FakePushboat


@dataclass(frozen=True)
class Server:
    """A repository with our hook, somebody's clone of it, and the Pushboat that the hook reports to."""

    pushboat: FakePushboat
    bare: Bare
    clone: Clone

    def catch_up(self) -> str:
        """Run the hook by hand, as it tells people to."""
        done = subprocess.run(
            [self.bare.path / "hooks" / "post-receive", "--catch-up"], capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return done.stdout

    def missed(self) -> int:
        """Count what waits to be sent."""
        return len(list((self.bare.path / "pushboat-missed").glob("*")))

    def trouble(
        self,
        status: int,
        *,
        method: str = "",
        path: str = "",
        times: int = 1,
        after: bool = False,
        body: object = "later",
    ) -> None:
        """Let something else answer in Pushboat's place."""
        trouble = Trouble(status=status, method=method, path=path, times=times, after=after, body=body)
        self.pushboat.door.troubles.append(trouble)
