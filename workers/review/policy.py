"""Whether manifests do as the rules of an environment have it: ours, the operator's and the repository's own.

Nothing that a rule may not be asked about is passed: it is said that nobody knows. Where a rule denies, what it finds
refuses the commit, unless an exemption of the operator's lets the file pass today.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pushboat.cel import is_lack
from pushboat.config.policy import REGO, STANDARD, Policy
from pushboat.model.manifest import Manifest
from pushboat.model.wording import printable
from pushboat.policy.own import OwnRule, Said, judged
from pushboat.policy.pods import has_unknown_pods, pod_in
from pushboat.policy.table import RULES
from pushboat.policy.words import DENY, OFF, WARN, Hit, Rule
from workers.review.rego import ask_rego
from workers.review.unseen import unseen
from workers.review.unserved import is_of_kubernetes
from workers.review.words import Finding, Weight

MOST_PLACED = 50
"""Findings of one rule that are placed to the column: for that the file is read again."""

Spaces = Mapping[str, Mapping[str, Any]]
Asks = Callable[[Sequence[OwnRule], Sequence[Manifest], Spaces], Iterable[tuple[OwnRule, Manifest, Said]]]


def ask_here(
    rules: Sequence[OwnRule], manifests: Sequence[Manifest], spaces: Spaces
) -> Iterator[tuple[OwnRule, Manifest, Said]]:
    """Ask people's own rules in this process; for rules whose author may be anybody, see `apart`."""
    for manifest in manifests:
        about = [rule for rule in rules if rule.is_about(manifest)]
        body = unseen(manifest) if about else {}
        for rule in about:
            yield rule, manifest, judged(rule, body, spaces.get(manifest.ref.namespace))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All that holds in an environment on a day; `ask` is how people's own rules are asked."""

    policy: Policy = STANDARD
    own: tuple[OwnRule, ...] = ()
    today: date
    ask: Asks = field(default=ask_here)


def abide(manifests: Sequence[Manifest], book: Rulebook) -> Iterator[Finding]:
    """Find what is not as the rules have it, each as grave as the policy says."""
    pods = [(each, pod) for each in manifests if (pod := pod_in(each)) is not None]
    for rule in RULES.values():
        verdict = book.policy.verdict(rule.name)
        if verdict == OFF:
            continue
        placed = 0
        for manifest, hit in _hits(rule, manifests, pods):
            sentence = f"{manifest.ref}: {hit.what}: {rule.fix}"
            finding = _finding(book, rule.name, verdict, manifest, hit, sentence, exact=placed < MOST_PLACED)
            if finding is not None:
                placed += 1
                yield finding
    yield from _of_own(manifests, book)
    yield from _of_rego(manifests, book)


def not_looked_at(manifests: Iterable[Manifest]) -> Iterator[str]:
    """Name the kinds whose pods no rule looks at, for nobody here knows what becomes of them."""
    of_others = (each for each in manifests if not is_of_kubernetes(each.ref.group))
    for name in sorted({f"{each.ref.kind}.{each.ref.group}" for each in of_others if has_unknown_pods(each)}):
        yield f"pods of {printable(name)} are not looked at by policy: its controller makes them"


def spaces_in(manifests: Iterable[Manifest]) -> dict[str, Mapping[str, Any]]:
    """Give the namespaces that come with the manifests, by name."""
    return {each.ref.name: each.body for each in manifests if (each.ref.group, each.ref.kind) == ("", "Namespace")}


def _hits(
    rule: Rule, manifests: Sequence[Manifest], pods: Sequence[tuple[Manifest, Any]]
) -> Iterable[tuple[Manifest, Hit]]:
    if rule.pods:
        look = rule.pods
        return ((manifest, hit) for manifest, pod in pods for hit in look(pod))
    if rule.objects:
        inspect = rule.objects
        return ((manifest, hit) for manifest in manifests for hit in inspect(manifest))
    return rule.together(manifests) if rule.together else ()


def _of_own(manifests: Sequence[Manifest], book: Rulebook) -> Iterator[Finding]:
    verdicts = {rule.name: book.policy.verdict(rule.name, rule.verdict) for rule in book.own}
    asked = [rule for rule in book.own if verdicts[rule.name] != OFF]
    if not asked:
        return
    unknown: dict[tuple[OwnRule, str], list[Manifest]] = {}
    placed = 0
    for rule, manifest, said in book.ask(asked, manifests, spaces_in(manifests)):
        if said.trouble:
            unknown.setdefault((rule, said.trouble), []).append(manifest)
        elif said.sentence:
            sentence, hit = f"{manifest.ref}: {said.sentence}", Hit(path=rule.path, what="")
            verdict, exact = verdicts[rule.name], placed < MOST_PLACED
            finding = _finding(book, rule.name, verdict, manifest, hit, sentence, exact=exact)
            if finding is not None:
                placed += 1
                yield finding
    for (rule, trouble), of_them in unknown.items():
        yield from _unevaluated(book, rule.name, "" if is_lack(trouble) else verdicts[rule.name], of_them, trouble)


def _of_rego(manifests: Sequence[Manifest], book: Rulebook) -> Iterator[Finding]:
    most = book.policy.verdict(REGO, DENY)
    unknown: dict[tuple[str, bool], list[Manifest]] = {}
    for manifest, word in ask_rego(book.policy.rego, manifests) if most != OFF else ():
        if word.trouble:
            unknown.setdefault((word.trouble, word.lacks), []).append(manifest)
            continue
        verdict = DENY if word.denies and most == DENY else WARN
        sentence = f"{manifest.ref}: {word.sentence}"
        finding = _finding(book, REGO, verdict, manifest, Hit(path=(), what=""), sentence, exact=False)
        if finding is not None:
            yield finding
    for (trouble, lacks), of_them in unknown.items():
        yield from _unevaluated(book, REGO, WARN if lacks else most, of_them, trouble)


def _unevaluated(
    book: Rulebook, rule: str, verdict: str, of_them: Sequence[Manifest], trouble: str
) -> Iterator[Finding]:
    """Say that nobody knows; that refuses where a rule denies, for else an object could choose not to be known."""
    more = f", nor {len(of_them) - 1:,} more" if len(of_them) > 1 else ""
    sentence = f"{of_them[0].ref} was not evaluated{more}: {trouble}"
    finding = _finding(book, rule, verdict, of_them[0], Hit(path=(), what=""), sentence, exact=True)
    if finding is not None:
        yield finding


def _finding(
    book: Rulebook, rule: str, verdict: str, manifest: Manifest, hit: Hit, sentence: str, *, exact: bool
) -> Finding | None:
    exemption = book.policy.exemption(rule, manifest.file)
    if exemption and exemption.until >= book.today:
        return None
    ended = f"; its exemption ended on {exemption.until.isoformat()}" if exemption else ""
    return Finding(
        rule=rule,
        place=manifest.place_of(hit.path, by_name=hit.by_name) if exact else manifest.place,
        sentence=f"{sentence}{ended} ({rule})",
        ref=manifest.ref,
        weight=Weight.ERROR if verdict == DENY else Weight.WARNING,
    )
