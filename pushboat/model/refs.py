"""Names of refs, as git has them in full and as people say them."""


def short_name(ref: str) -> str:
    """Take the folder off a branch's or tag's full name."""
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
