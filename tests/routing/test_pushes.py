"""A push deploys wherever its branch or tag is followed, and otherwise says why nothing happened."""

import pytest

from pushboat.events import Event
from pushboat.model.footprint import Footprint, Stand
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Deploy, Facts, Post, route
from tests.routing.words import ALL, LIVE, MISTAKES, SHA, STAGING, environment, facts, push

FOLLOWED = {
    "a branch that two follow": ("refs/heads/main", ["qa", "staging"], "deploying 1a2b3c4 to qa and staging"),
    "a tag that matches": ("refs/tags/v1.2", ["live"], "deploying 1a2b3c4 to live"),
    "a tag with a slash": ("refs/tags/v1/rc", ["live"], "deploying 1a2b3c4 to live"),
}


@pytest.mark.proves("path-filter")
@pytest.mark.parametrize("case", FOLLOWED)
def test_a_push_deploys_wherever_its_ref_is_followed(case: str) -> None:
    """Each environment gets the pushed commit, once."""
    ref, names, sentence = FOLLOWED[case]
    decision = route(push(ref), facts(*ALL))
    assert decision.sentence == sentence
    assert list(decision.acts) == [
        Deploy(kind=Kind.DEPLOY, environment=name, ref=ref, sha=SHA, author="alice", trigger=Trigger.PUSH, once=True)
        for name in names
    ]


OTHERS = "(live follows tags v[0-9]*, qa follows main, staging follows main, trial deploys only by /deploy trial)"
NOTHING: dict[str, tuple[Event, Facts, str]] = {
    "a branch nobody follows": (
        push("refs/heads/fix"),
        facts(*ALL),
        f"nothing deployed: no environment follows fix {OTHERS}",
    ),
    "a branch in other letters": (
        push("refs/heads/Main"),
        facts(STAGING),
        "nothing deployed: no environment follows Main (staging follows main)",
    ),
    "a tag nobody follows": (
        push("refs/tags/x1"),
        facts(LIVE),
        "nothing deployed: no environment follows tag x1 (live follows tags v[0-9]*)",
    ),
    "a tag called like the branch": (
        push("refs/tags/main"),
        facts(STAGING),
        "nothing deployed: no environment follows tag main (staging follows main)",
    ),
    "no file and nothing fixed": (
        push(),
        facts(has_file=False),
        (
            "nothing deployed: 1a2b3c4 has no .pushboat.yaml, and the operator fixes no path: "
            "add the file with an environment and its path"
        ),
    ),
    "a file without an active environment": (
        push(),
        facts(),
        "nothing deployed: 1a2b3c4 has no environment that is active: give one a path in .pushboat.yaml",
    ),
    "a deleted branch": (
        push(action="deleted", sha="0" * 40),
        facts(*ALL),
        "main was deleted: nothing deploys, and what runs keeps running",
    ),
    "a merge queue's branch": (
        push("refs/heads/gh-readonly-queue/main/pr-7"),
        facts(environment("x", branch="gh-readonly-queue/main/pr-7")),
        "gh-readonly-queue/main/pr-7 is GitHub's merge queue at work: the merge itself deploys",
    ),
    "our own notes": (
        push("refs/notes/pushboat"),
        facts(*ALL),
        "refs/notes/pushboat is neither a branch nor a tag, so nothing follows it",
    ),
}


@pytest.mark.parametrize("case", NOTHING)
def test_a_push_that_deploys_nothing_says_why(case: str) -> None:
    """Whoever wonders reads the reason and what would have deployed."""
    event, known, sentence = NOTHING[case]
    decision = route(event, known)
    assert (decision.acts, decision.sentence) == ((), sentence)


def test_mistakes_in_the_file_turn_the_commit_red() -> None:
    """The status names file, line and the first mistake, for the file and for each environment that it names."""
    decision = route(push(), facts(mistakes=MISTAKES, named=("staging", "live")))
    assert decision.details == "\n".join(str(one) for one in MISTAKES)
    description = ".pushboat.yaml:3:5: unknown key 'namespcae': did you mean 'namespace'? (and 1 more)"
    assert list(decision.acts) == [
        Post(sha=SHA, context=context, state=State.FAILED, description=description, ref="refs/heads/main")
        for context in ("pushboat", "pushboat/staging", "pushboat/live")
    ]
    assert decision.sentence == f"nothing deployed: {description}; fix it and push again"
    one = route(push(), facts(mistakes=MISTAKES[:1], named=("staging",)))
    assert one.sentence.endswith(": unknown key 'namespcae': did you mean 'namespace'? Fix it and push again")


def test_a_file_that_names_hundreds_gets_a_few_statuses() -> None:
    """Nobody can make us flood a forge."""
    decision = route(push(), facts(mistakes=MISTAKES, named=tuple(f"e{number}" for number in range(100))))
    assert len(decision.acts) == 21


def test_every_sentence_and_description_fits() -> None:
    """A sentence has at most 300 characters and a description 140, whatever names are pushed."""
    many = [environment(f"environment-number-{number}", branch="main") for number in range(40)]
    long = "refs/heads/" + "x" * 400
    assert len(route(push(), facts(*many)).sentence) <= 300
    assert len(route(push(long), facts(*many)).sentence) <= 300
    worst = MISTAKES[0].__class__(file=".pushboat.yaml", line=1, column=1, message="m" * 500)
    red = route(push(), facts(mistakes=(worst, worst), named=("a",)))
    assert len(red.sentence) <= 300
    for act in red.acts:
        assert isinstance(act, Post)
        assert len(act.description) <= 140
        assert act.description.endswith("… (and 1 more)")


def stand(name: str) -> Stand:
    """An environment that the commit leaves as it is."""
    return Stand(environment=name, last=1, last_sha="b", origin=1, sha="a" * 40, footprint=Footprint())


def test_what_a_push_does_not_touch_is_said() -> None:
    """The delivery names what is deployed and what stays; of many it says how many."""
    decision = route(push(), facts(*ALL, untouched={"qa": stand("qa")}))
    assert decision.sentence == "deploying 1a2b3c4 to staging; qa unchanged"
    assert [act.same for act in decision.acts if isinstance(act, Deploy)] == [stand("qa"), None]
    many = [environment(f"e{number:03}", branch="main") for number in range(30)]
    decision = route(push(), facts(*many, untouched={one.name: stand(one.name) for one in many}))
    assert decision.sentence == "nothing to deploy of 1a2b3c4: 30 environments unchanged"
