"""Names of refs, as git has them in full and as people say them."""

HEADS, TAGS = "refs/heads/", "refs/tags/"


def short_name(ref: str) -> str:
    """Take the folder off a branch's or tag's full name."""
    return ref.removeprefix(HEADS).removeprefix(TAGS)


def followed_ref(branch: str, tag: str) -> str:
    """Name in full what an environment follows: a branch, or the pattern of tags; empty where it follows nothing."""
    return f"{HEADS}{branch}" if branch else f"{TAGS}{tag}" if tag else ""
