"""What git's words mean: which error, and so who must act. Git has no codes for this; its sentences are all we get."""

import re

from pushboat.errors import CheckoutFailed, ForgeRefused, ForgeUnavailable, PushboatError
from pushboat.model.deployment import short
from workers.running.spawning import NOT_FOUND, Finished
from workers.source.git.remotes import Access


class BrokenCache(Exception):
    """Git failed for a reason that is neither the remote's nor the commit's: throw the cache away and try once more."""


class NotOnTheForge(CheckoutFailed):
    """The forge does not have a commit, or not any more."""


# Patterns are compiled when git fails, and not by everything that starts: that takes 20 ms.
_UNKNOWN_COMMIT = r"not our ref|couldn't find remote ref|unadvertised object|no such remote ref|remote did not send"
_MALFORMED = r"fsck error|fsck-objects|hasDot|fullPathname|gitmodules[A-Z]"
_REFUSED = (
    r"authentication failed|could not read (username|password)|invalid credentials|returned error: (30\d|40[134])"
    r"|permission denied|access denied|host key verification failed|repository .*not found|does not exist"
    r"|does not appear to be a git repository|dubious ownership|not allowed|ssl certificate|redirect"
)
_UNAVAILABLE = (
    r"unable to access|could not resolve|failed to connect|couldn't connect|connection (refused|reset|closed)"
    r"|timed out|network is unreachable|no route to host|early eof|rpc failed|unexpected disconnect|hung up|empty reply"
    r"|returned error: (5\d\d|429|408)|operation too slow|transfer closed|recv failure|send failure|gnutls|tls"
)


def translate(finished: Finished, access: Access, sha: str) -> PushboatError | BrokenCache:
    """Turn a failed git command into the error that says who must act."""
    words = access.scrub(finished.errors)
    if finished.code == NOT_FOUND:
        return ForgeRefused("git is not installed where Pushboat runs: install the package `git`", words)
    judged = words.replace(access.remote.url, "")  # a repository may be called what it likes
    if re.search(_UNKNOWN_COMMIT, judged, re.IGNORECASE):
        return NotOnTheForge(f"commit {short(sha)} is no longer on the forge: push again", words)
    if re.search(_MALFORMED, judged):
        return CheckoutFailed(f"git refuses what commit {short(sha)} holds: {_last(words)}", words)
    if re.search(_REFUSED, judged, re.IGNORECASE):  # first, since ssh adds that the remote hung up
        return ForgeRefused(
            f"the forge refused git ({_last(words)}): check token and clone_url in pushboat.yaml", words
        )
    if re.search(_UNAVAILABLE, judged, re.IGNORECASE):
        return ForgeUnavailable(f"git could not reach the forge: {_last(words)}", words)
    return BrokenCache(_last(words) or f"git ended with code {finished.code}")


def _last(words: str) -> str:
    """Pick the line that names the cause: git's first `fatal:` or the remote's own word."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    causes = [line for line in lines if line.startswith(("fatal:", "error:", "ERROR:", "remote:", "ssh:"))]
    chosen = (causes or lines or [""])[0]
    return re.sub(r"^(fatal|error|remote): ", "", chosen)
