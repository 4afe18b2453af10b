"""The first line of a comment is a command, or the comment is not for us."""

import pytest

from pushboat.model.command_words import COMMAND_WORDS
from pushboat.routing.command import table
from pushboat.routing.grammar import Words, parse


def deploy(environment: str) -> Words:
    """What a command to deploy says."""
    return Words(word="deploy", names={"environment": environment})


COMMANDS = {
    "/deploy staging": deploy("staging"),
    "  /deploy   staging  ": deploy("staging"),
    "/deploy\tstaging": deploy("staging"),
    "\n \n/deploy staging": deploy("staging"),
    "/deploy staging\r\nbecause the fix is urgent": deploy("staging"),
    "/deploy staging\n/deploy production": deploy("staging"),
    "/deploy Staging": deploy("Staging"),
    "/deploy statsu": deploy("statsu"),
    "/deploy staging --prune": Words(word="deploy", names={"environment": "staging", "prune": "yes"}),
    "/deploy --prune  staging": Words(word="deploy", names={"environment": "staging", "prune": "yes"}),
    "/deploy help": Words(word="help"),
    "/deploy status\n": Words(word="status"),
}


@pytest.mark.parametrize("comment", COMMANDS, ids=repr)
def test_a_command_on_the_first_line_is_read(comment: str) -> None:
    """Spaces, blank lines before and words below do not matter."""
    assert parse(comment) == COMMANDS[comment]


NOT_FOR_US = [
    "",
    " \n\n",
    "looks good",
    "please /deploy staging",
    "first line\n/deploy staging",
    "> /deploy staging",
    ">/deploy staging\n\nwhy?",
    "```\n/deploy staging\n```",
    "~~~\n/deploy staging\n~~~",
    "    /deploy staging",
    "\t/deploy staging",
    "  \t/deploy staging",
    "\n    /deploy staging",
    "`/deploy staging`",
    "- /deploy staging",
    "<!-- /deploy staging -->",
    "<!-- x -->\n/deploy staging",
    "/deployment staging",
    "/deploy-all",
    "/deploy, please",
    "/deploy:staging",
    "//deploy staging",
    "deploy staging",
    "/plan",
    "/deploy-preview",
    "/deploys",
    "/deploy2 staging",
    "/redeploy staging",
    "/employ staging",
    "/deploy/staging/web.yaml is wrong",
]


@pytest.mark.parametrize("comment", NOT_FOR_US, ids=repr)
def test_talk_about_a_command_is_no_command(comment: str) -> None:
    """Quotes, code, later lines and other words stay without an answer."""
    assert parse(comment) is None


BAD = {
    "/deploy": "`/deploy` needs to know where: `/deploy <environment>`.",
    "/deploy \n staging": "`/deploy` needs to know where: `/deploy <environment>`.",
    "/deploy staging now": "Nothing is expected after `/deploy staging`, but there is `now`.",
    "/deploy staging @everyone `x`": "Nothing is expected after `/deploy staging`, but there is `@everyone 'x'`.",
    "/deploy staging --force": "Nothing is expected after `/deploy staging`, but there is `--force`.",
    "/deploy staging --sha 1a2b3c4": "Nothing is expected after `/deploy staging`, but there is `--sha 1a2b3c4`.",
    "/deploy cancel staging --prune": "Nothing is expected after `/deploy cancel staging`, but there is `--prune`.",
    "/deploy --prune": "`/deploy` needs to know where: `/deploy <environment>`.",
    "/deploy help me": "Nothing is expected after `/deploy help`, but there is `me`. Did you mean `/deploy help`?",
    "/depoy staging": "There is no `/depoy`.",
    "/d\u0435ploy staging": "The command holds U+0435 (cyrillic small letter ie), which it must not; type it again.",
    "/Deploy staging": "Commands are written in lower case: `/deploy`, not `/Deploy`.",
    "/deploy\u00a0staging": "The command holds U+00A0 (no-break space), which it must not; type it again.",
    "/deploy stag\u200bing": "The command holds U+200B (zero width space), which it must not; type it again.",
    "/deploy \u202egnigats": "The command holds U+202E (right-to-left override), which it must not; type it again.",
    "\u200b/deploy staging": "The command holds U+200B (zero width space), which it must not; type it again.",
    "/deploy st\u0430ging": "The command holds U+0430 (cyrillic small letter a), which it must not; type it again.",
    "/deploy a\x00b": "The command holds U+0000 (a control character), which it must not; type it again.",
    "/deploy \N{PARTY POPPER}": "The command holds U+1F389 (party popper), which it must not; type it again.",
}


@pytest.mark.parametrize("comment", BAD, ids=repr)
def test_a_command_that_cannot_be_read_says_why(comment: str) -> None:
    """Whoever meant us gets an answer, and what is not seen never decides."""
    said = parse(comment)
    assert said
    assert said.refusal == BAD[comment]
    assert said.puzzled


ENVIRONMENTS = ("staging", "production", "shop-qa")


@pytest.mark.parametrize("comment", ["/deploy", "/deploy \n staging", "/deploy --prune"], ids=repr)
def test_where_nothing_is_named_it_is_asked_for(comment: str) -> None:
    """Also where we know which environments there are: no comment is lost by being too short."""
    said = parse(comment, ENVIRONMENTS)
    assert said
    assert said.puzzled
    assert "needs to know where" in said.refusal or "--prune" in said.refusal


HALF_RIGHT = {
    "/deploy staging please": "/deploy staging",
    "/deploy to staging": "/deploy staging",
    "/deploy the thing to production now!": "/deploy production",
    "/deploy STAGING now": "/deploy staging",
    "/Deploy staging": "/deploy staging",
    "/DEPLOY PRODUCTION": "/deploy production",
    "/deploy: staging": "/deploy staging",
    "/deploy:staging": "/deploy staging",
    "/deploy=staging": "/deploy staging",
    "/ deploy staging": "/deploy staging",
    "\\/deploy staging": "/deploy staging",
    "/depoy staging": "/deploy staging",
    "/dploy stagin": "/deploy staging",
    "/depoly plan stagin": "/deploy plan staging",
    "/ddeploy staging": "/deploy staging",
    "deploy staging": "/deploy staging",
    "Deploy Production": "/deploy production",
    "deploy plan": "/deploy plan",
    "`/deploy staging`": "/deploy staging",
    "- /deploy staging": "/deploy staging",
    "1. /deploy rollback staging": "/deploy rollback staging",
    "\uff0fdeploy staging": "/deploy staging",
    "\uff0f\uff44\uff45\uff50\uff4c\uff4f\uff59 staging": "/deploy staging",
    "/d\u0435ploy st\u0430ging": "/deploy staging",
    "/deploy\u00a0staging": "/deploy staging",
    "/deploy stag\u200bing": "/deploy staging",
    "/deploy \u202estaging": "/deploy staging",
    "/deploy \u201cstaging\u201d": "/deploy staging",
    "/deploy 'staging' now": "/deploy staging",
    "/deploy staging \u2014prune": "/deploy staging --prune",
    "/deploy staging \u2013prune": "/deploy staging --prune",
    "/deploy staging -prune": "/deploy staging --prune",
    "/deploy staging --prun": "/deploy staging --prune",
    "/deploy staging --force": "/deploy staging",
    "/deploy staging --dry-run": "/deploy plan staging",
    "/deploy staging plan": "/deploy plan staging",
    "/deploy staging rollback": "/deploy rollback staging",
    "/deploy staging rollback v3": "/deploy rollback staging 3",
    "/deploy staging lock": "/deploy lock staging",
    "/deploy undo staging": "/deploy rollback staging",
    "/deploy abort staging": "/deploy cancel staging",
    "/deploy statsu now": "/deploy status",
    "/deploy cancel staging --prune": "/deploy cancel staging",
    "/deploy shop\u2013qa now": "/deploy shop-qa",
}


@pytest.mark.parametrize("comment", HALF_RIGHT, ids=ascii)
def test_a_half_right_command_gets_the_nearest_right_one(comment: str) -> None:
    """I am told what I probably meant, as a command that can be copied; it is not carried out."""
    said = parse(comment, ENVIRONMENTS)
    assert said
    assert (said.names, said.puzzled) == ({}, True)
    assert said.refusal.endswith(f" Did you mean `{HALF_RIGHT[comment]}`?")
    right = parse(HALF_RIGHT[comment], ENVIRONMENTS)
    assert right
    assert right.refusal == ""


NOBODY_KNOWS = [
    "/deploy staging destroy",
    "/deploy staging destroy it",
    "/deploy staging promote",
    "/deploy staging promote it",
    "/deploy nowhere at all",
    "/dploy",
    "/deploy \u2014",
]


@pytest.mark.parametrize("comment", NOBODY_KNOWS, ids=ascii)
def test_what_nobody_can_guess_is_not_guessed(comment: str) -> None:
    """Above all a word of a later version is not left out of what I am offered: that would deploy."""
    said = parse(comment, ENVIRONMENTS)
    assert said
    assert said.refusal
    assert "Did you mean" not in said.refusal


TALK = [
    "deploy staging?",
    "deploy staging looks good",
    "deploy plan looks good",
    "deploy staging\nplease",
    "I will deploy staging",
    "/deploy, a word about it",
    "/deploy-staging",
    "`/deploy staging` is how it goes",
    "- /deploy staging\n- /deploy production",
    "> /depoy staging",
    "    /depoy staging",
    "/deployment staging",
    "//deploy staging",
]


@pytest.mark.parametrize("comment", TALK)
def test_who_speaks_to_people_is_left_alone(comment: str) -> None:
    """No reply where somebody asks, tells, quotes, or means another bot."""
    assert parse(comment, ENVIRONMENTS) is None


def test_every_word_of_the_contract_is_a_command() -> None:
    """What no environment can be called by can be said."""
    assert table().keys() >= COMMAND_WORDS


@pytest.mark.slow
def test_a_comment_as_long_as_a_forge_takes_is_read_at_once() -> None:
    """A million characters cost nothing."""
    assert parse(" \n" * 500_000 + "/deploy help") == Words(word="help")
    said = parse("/deploy " + "a " * 500_000)
    assert said
    assert said.refusal.startswith("Nothing is expected after `/deploy a`")


def test_what_is_no_word_of_ours_is_said_to_be_none() -> None:
    """A slip in a command's word does not read as if there were such a command."""
    said = parse("/deploy rolback staging", ENVIRONMENTS)
    assert said
    assert said.refusal == (
        "`rolback` is neither a command nor an environment here. Did you mean `/deploy rollback staging`?"
    )
