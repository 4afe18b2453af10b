"""`pushboat policy`: the rules that Pushboat brings along, and people's own, tried with the objects beside them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from cli import configuration, output, tables
from cli.output import AS_JSON
from pushboat.config import repository
from pushboat.config.repository import FILE_NAME
from pushboat.errors import ConfigurationError, InvalidRepositoryFile
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.wording import counted
from pushboat.policy.own import OwnRule, Said, Trial
from pushboat.policy.table import RULES
from workers.review.apart import ask_pairs

NO = 1


@click.group()
def policy() -> None:
    """List the rules of policy, and try your own."""


@policy.command("list")
@AS_JSON
def list_rules(*, as_json: bool) -> int:
    """List every rule that Pushboat brings along, with what becomes of what it finds unless a policy says more."""
    if as_json:
        output.print_json(
            [
                {"rule": each.name, "verdict": each.verdict, "groups": list(each.groups)}
                | {"reason": each.reason, "fix": each.fix}
                for each in RULES.values()
            ]
        )
    else:
        rows = [(each.name, each.verdict, each.groups[0], each.reason) for each in RULES.values()]
        tables.print_table(("rule", "verdict", "group", "why"), rows)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One test of a rule: which, in which file, and what is wrong with what the rule said, if anything."""

    rule: str
    file: str
    number: int
    wrong: str


@policy.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
@AS_JSON
@click.pass_context
def test(ctx: click.Context, path: Path, *, as_json: bool) -> int:
    """Try the rules of the repository at PATH, and of the operator's file where it is there, with their own tests.

    Exit code 0 where each rule says of each object what its test wants, else 1; a rule without a test of both sorts is
    named, and is no failure.
    """
    found = [(rule, FILE_NAME) for rule in _of_repository(path)]
    found += [(rule, "pushboat.yaml") for rule in configuration.own_rules(ctx)]
    tried = list(_tried(found))
    untested = [rule.name for rule, _ in found if {each.passes for each in rule.trials} != {True, False}]
    failed = [each for each in tried if each.wrong]
    if as_json:
        output.print_json(
            {
                "tests": [
                    {"rule": one.rule, "file": one.file, "test": one.number, "wrong": one.wrong} for one in tried
                ],
                "untested": untested,
            }
        )
        return NO if failed else 0
    for each in failed:
        output.data(f"{each.rule}, test {each.number} of {each.file}: {output.one_line(each.wrong)}")
    for name in untested:
        output.say(f"{name} has not both: an object that passes, and one that fails")
    many = f"{counted(len(found), 'rule')}, {counted(len(tried), 'test')}, {len(failed)} failed"
    output.say(many if found else "there is no rule to try")
    return NO if failed else 0


def _of_repository(path: Path) -> tuple[OwnRule, ...]:
    file = path / FILE_NAME
    if not file.is_file():
        return ()
    try:
        return repository.parse(file.read_bytes(), str(file)).rules
    except InvalidRepositoryFile as wrong:
        raise ConfigurationError(wrong.mistakes) from wrong


def _tried(found: Iterable[tuple[OwnRule, str]]) -> Iterator[Tried]:
    """Try each rule as a push would have it asked: one of a repository may be anybody's, also here."""
    trials = [
        (rule, file, number, trial, _manifest(trial))
        for rule, file in found
        for number, trial in enumerate(rule.trials, 1)
    ]
    about = [(rule, manifest) for rule, _, _, _, manifest in trials if rule.is_about(manifest)]
    said = iter(ask_pairs(about))
    for rule, file, number, trial, manifest in trials:
        wrong = f"the rule is not about a {manifest.ref.kind or 'thing without a kind'}"
        if rule.is_about(manifest):
            wrong = _wrong(trial, next(said))
        yield Tried(rule=rule.name, file=file, number=number, wrong=wrong)


def _wrong(trial: Trial, said: Said) -> str:
    """Say what a rule should have said of an object."""
    if said.trouble:
        return f"it could not be evaluated: {said.trouble}"
    if trial.passes:
        return f"should pass, and is told: {said.sentence}" if said.sentence else ""
    if not said.sentence:
        return "should fail, and passes"
    return "" if trial.says in said.sentence else f"should be told {trial.says!r}, and is told: {said.sentence}"


def _manifest(trial: Trial) -> Manifest:
    body = trial.body
    metadata = body.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    group, _, version = str(body.get("apiVersion", "")).rpartition("/")
    ref = Ref(group, str(body.get("kind", "")), str(named.get("namespace", "")), str(named.get("name", "")))
    return Manifest(ref=ref, version=version, body=body, file="", line=1)
