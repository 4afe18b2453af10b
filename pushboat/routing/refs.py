"""Does a pattern of a forge's rules match the name of a branch or tag? As GitHub matches: `*` stays inside one part."""

from fnmatch import fnmatchcase

MOST_PARTS = 50


def matches(pattern: str, name: str) -> bool:
    """Match part by part between the slashes; `**` stands for any number of parts, none included."""
    parts, names = pattern.replace("[^", "[!").split("/"), name.split("/")
    if len(parts) > MOST_PARTS or len(names) > MOST_PARTS:
        return pattern == name
    # Whether the parts so far match so many of the names: what a pattern costs does not depend on who wrote it.
    so_far = [True, *(False for _ in names)]
    for number, part in enumerate(parts):
        deep = part == "**" and number < len(parts) - 1
        reached = [deep and so_far[0]]
        for position, one in enumerate(names, 1):
            here = (so_far[position] or reached[-1]) if deep else so_far[position - 1] and fnmatchcase(one, part)
            reached.append(here)
        so_far = reached
    return so_far[-1]
