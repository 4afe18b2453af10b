"""Who must act on an answer that is no success: the table, to be read aloud from the top; the first row that fits wins.

The commit is blamed only where another commit would help. What a proxy says in the API server's place is judged by the
second table: a page in HTML knows nothing of anybody's commit.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from enum import Enum, auto


class Who(Enum):
    """Who can change it: the commit's author, the operator of Pushboat or of the cluster, or nobody but time."""

    COMMIT = auto()
    OPERATOR = auto()
    WORLD = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `advice` is for who must act; `{kind}`, `{field}`, `{cluster}` say what it is about,
    `{recreate}` how it can be deleted and created again.
    """

    who: Who
    verbs: Container[str]
    codes: Container[int]
    words: str = ""
    advice: str = ""

    def fits(self, verb: str, code: int, message: str) -> bool:
        """Say whether this row is about an answer."""
        return verb in self.verbs and code in self.codes and re.search(self.words, message) is not None


ANY_VERB = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE"})
WRITING = frozenset({"POST", "PATCH", "PUT"})
ANY_CODE = range(300, 600)
REDIRECTED, CLIENT, SERVER = range(300, 400), range(400, 500), range(500, 600)

CANNOT_CHANGE = (
    r"immutable|may not (change|be changed|be modified)|cannot (be changed|be modified|change roleRef)"
    r"|updates to .* are forbidden"
)
"""The API server's words for a field that stays as it was created; the authors of CRDs use some of them too."""

TABLE = (
    # What the commit asks for.
    Row(Who.COMMIT, ANY_VERB, ANY_CODE, r'^admission webhook "[^"]*" denied the request'),
    Row(
        Who.COMMIT, WRITING, (400, 413, 422, 500),
        r"[Rr]equest (entity )?(is )?too large|larger than max",
        "make it smaller than 1.5 MiB or split it",
    ),
    Row(
        Who.COMMIT, WRITING, (422,), CANNOT_CHANGE,
        "give the {kind} a new name or {recreate}, its {field} cannot change",
    ),
    Row(Who.COMMIT, WRITING, (400, 500), r"field not declared in schema|unknown field|duplicate field"),
    Row(Who.COMMIT, WRITING, (500,), r"failed to (create typed patch object|convert new object)"),
    Row(Who.COMMIT, WRITING, (403,), r"exceeded quota", "ask for less or have the quota raised"),
    Row(Who.COMMIT, WRITING, (403,), r"violates PodSecurity", "ask for fewer privileges"),
    # What time heals, although it looks like somebody's fault.
    Row(Who.WORLD, ANY_VERB, (401,)),
    Row(Who.WORLD, ANY_VERB, (403, 404, 409), r"being terminated|is being deleted"),
    Row(Who.WORLD, ANY_VERB, (408, 409, 410, 412, 425, 429)),
    Row(Who.WORLD, WRITING, (404,), r"could not find the requested resource|page not found"),
    Row(  # it was there, or was made, a moment ago: the next try looks anew, and may make it where that is allowed
        Who.WORLD, WRITING, (404,), r'namespaces "[^"]*" not found',
        "the namespace is looked for again; if gone, the operator must create it or set create_namespaces: true",
    ),
    Row(
        Who.WORLD, ANY_VERB, SERVER, r"failed (calling|to call) webhook|conversion webhook",
        "the administrator of cluster {cluster} must mend this webhook",
    ),
    Row(Who.WORLD, ANY_VERB, SERVER),
    # How the cluster and the way to it are set up.
    Row(Who.OPERATOR, ANY_VERB, (403,), r'User "[^"]*" cannot '),
    Row(Who.OPERATOR, ANY_VERB, REDIRECTED, "", "the kubeconfig must name the API server's own address"),
    Row(Who.OPERATOR, ANY_VERB, (407,), "", "the proxy before cluster {cluster} wants a login: write it in proxy-url"),
    Row(Who.OPERATOR, ANY_VERB, (405, 406, 414, 415, 431)),
    # All that is left of a write is about what was written; a read or a deletion sends nothing of the commit's.
    Row(Who.COMMIT, WRITING, CLIENT),
    Row(Who.COMMIT, {"DELETE"}, (403, 422)),
    Row(Who.OPERATOR, ANY_VERB, CLIENT),
)  # fmt: skip

OF_A_PROXY = (
    Row(Who.WORLD, ANY_VERB, (408, 425, 429)),
    Row(Who.WORLD, ANY_VERB, SERVER),
    Row(Who.OPERATOR, ANY_VERB, range(100, 500)),
)


def blame(verb: str, code: int, message: str, *, of_a_proxy: bool = False) -> Row:
    """Find the row for an answer."""
    table = OF_A_PROXY if of_a_proxy else TABLE
    return next(row for row in table if row.fits(verb, code, message))
