"""An effective environment: what the repository wants, inside what the operator allows; the operator's value wins."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pushboat.config.definition import APPROVALS, DECLINED, FIELDS, SIGNED, STAY, Definition
from pushboat.config.document import sorted_by_place
from pushboat.config.helm import Helm
from pushboat.config.ignoring import Ignored
from pushboat.config.needing import mistakes_in
from pushboat.config.policy import STANDARD, Policy
from pushboat.config.project import Limits, Project
from pushboat.config.repository import RepositoryFile, unknown_environment, unknown_folders
from pushboat.config.verifying import Verification, restored, stored, unlisted
from pushboat.errors import InvalidRepositoryFile, Mistake
from pushboat.model.wording import listed, printable, quoted
from pushboat.policy.own import OwnRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Everything a deployment needs to know about where and how; times in seconds.

    `branch` and `tag` (a glob) are what it follows; both empty means only by `/deploy`. `path` is a folder or a file
    inside the repository; `include`, `exclude` (globs below it) and `recurse` say which files of a plain folder count.
    `render` is auto, plain, kustomize or helm; `helm` is about charts. `namespace` is the default one and among
    `namespaces`.
    `wait` 0 means: do not wait for health. `service_account` is `namespace/name` or empty (no impersonation).
    `first` is wait or deploy: what the first look at the repository does. `adopt` names the tools whose objects may be
    taken over, `people` the field managers that count as people's tools, `ignore` the fields that are left alone.
    `first` is wait or deploy: what the first look at the repository does. `formerly` are earlier names, of this
    environment or with its repository (`github/acme/shop:staging`): what was deployed under them goes on here.
    `recreate` are the kinds that may be deleted and created again where a field cannot change. `verify` is asked once
    everything is healthy, at `verify_hosts` only, with a host's own token; `on_failure` is stay or rollback.
    `needs` are the environments that must be healthy at a commit before it comes here.
    `approvals` is how many of the `approvers` must approve a commit before it comes here.
    `self_heal` puts drift back, unless the repository's own file has it `never_healed`.
    `url` is where people see what runs there. `signed` says that only commits with a good signature come here.
    `rules` are the operator's and the repository's own, `policy` what becomes of what those and ours find.
    """

    name: str
    cluster: str
    namespaces: tuple[str, ...]
    namespace: str
    path: str
    branch: str = ""
    tag: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    recurse: bool = True
    render: str = "auto"
    helm: Helm = field(default_factory=Helm)
    prune: bool = True
    wait: float = 600.0
    create_namespaces: bool = False
    cluster_scoped: tuple[str, ...] = ()
    service_account: str = ""
    deployers: tuple[str, ...] = ("write",)
    approvals: int = 0
    approvers: tuple[str, ...] = ("write",)
    first: str = "wait"
    adopt: tuple[str, ...] = ("kubectl",)
    people: tuple[str, ...] = ()
    ignore: tuple[Ignored, ...] = ()
    formerly: tuple[str, ...] = ()
    recreate: tuple[str, ...] = ()
    verify: tuple[Verification, ...] = ()
    verify_hosts: tuple[str, ...] = ()
    verify_tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    on_failure: str = STAY
    needs: tuple[str, ...] = ()
    self_heal: bool = False
    never_healed: bool = False
    signed: bool = False
    url: str = ""
    policy: Policy = STANDARD
    rules: tuple[OwnRule, ...] = ()


def effective(project: Project, file: RepositoryFile | None) -> dict[str, Environment]:
    """Give the environments that are active at a commit, by name; `file` is None where the commit has none.

    An environment is active when its folder is known: from the repository's file, or fixed by the operator. The file's
    patterns are `expanded` already.

    Raises:
        InvalidRepositoryFile: for everything in the file that the operator does not allow.
    """
    if file is not None:
        assert not file.patterns, "whoever leaves a pattern out would say that its environments have left the file"
        _refuse_what_is_not_allowed(project, file)
    found = {}
    for name, limits in sorted(project.environments.known(file.environments if file else ()).items()):
        fields = _fields(limits, file.environments.get(name) if file else None)
        if "path" in fields:
            own = file.rules if file else ()
            found[name] = replace(_environment(limits, fields), rules=(*limits.rules, *own))
    return found


def said_by(environment: Environment) -> dict[str, Any]:
    """Give what an environment has of the repository's own, as plain data to be stored with its release."""
    fields = {name: getattr(environment, name) for name in FIELDS}
    declined = {DECLINED: True} if environment.never_healed else {}
    ignore = [asdict(rule) for rule in environment.ignore]
    made = {"ignore": ignore, "verify": stored(environment.verify), "helm": asdict(environment.helm)}
    return {**fields, **declined, **made}


PLACE = ("cluster", "namespaces", "create_namespaces", "cluster_scoped", "service_account")
"""What the operator's file says of where an environment lies, without which nobody finds it again."""


def place_of(environment: Environment) -> dict[str, Any]:
    """Give where an environment lies, as the operator's file says it; what is as always is left out."""
    return {name: value for name in PLACE if (value := getattr(environment, name))}


def as_released(limits: Limits, said: Mapping[str, Any]) -> Environment:
    """Make an environment from what was stored with a release, inside of what the operator allows today."""
    known = {name: value for name, value in said.items() if name in (*FIELDS, DECLINED)}
    rules = (Ignored(**{**rule, "fields": tuple(rule["fields"])}) for rule in known.get("ignore", ()))
    lists = {name: tuple(known.get(name, ())) for name in ("needs", "include", "exclude")}
    chart = Helm.restored(known.get("helm"))
    read = {"ignore": tuple(rules), "verify": restored(known.get("verify", ())), "helm": chart, **lists}
    fields = _fields(limits, Definition(name=limits.environment, said={**known, **read}))
    if fields.get("namespace") not in limits.namespaces:  # objects there are refused by name; each has its own by now
        fields["namespace"] = limits.namespaces[0]
    return _environment(limits, fields)


def by_the_operator(limits: Limits) -> Environment:
    """Make an environment from the operator's file alone: where it lies, and nothing of what it has."""
    return _environment(limits, {"path": "", **limits.fixed})


def _fields(limits: Limits, definition: Definition | None) -> dict[str, Any]:
    said = dict(definition.said) if definition else {}
    if "branch" in limits.fixed or "tag" in limits.fixed:
        # What it follows is one question: the operator's answer replaces the repository's, whichever kind that was.
        said.pop("branch", None)
        said.pop("tag", None)
    needs = tuple(dict.fromkeys((*limits.fixed.get("needs", ()), *said.get("needs", ()))))  # each may ask for more
    approvals = max(limits.approvals, said.get(APPROVALS, 0))  # a file may only ask for more
    more = {**({"needs": needs} if needs else {}), **({APPROVALS: approvals} if approvals else {})}
    return {**said, **limits.fixed, **more}


def _environment(limits: Limits, fields: dict[str, Any]) -> Environment:
    return Environment(
        name=limits.environment,
        cluster=limits.cluster,
        namespaces=limits.namespaces,
        create_namespaces=limits.create_namespaces,
        cluster_scoped=limits.cluster_scoped,
        service_account=limits.service_account,
        deployers=limits.deployers,
        approvers=limits.approvers,
        first=limits.first,
        adopt=limits.adopt,
        people=limits.people,
        formerly=limits.formerly,
        recreate=limits.recreate,
        verify_hosts=limits.verify_hosts,
        verify_tokens=limits.verify_tokens,
        policy=limits.policy,
        rules=limits.rules,
        self_heal=limits.self_heal and not fields.get(DECLINED),
        **{"namespace": limits.namespaces[0], **fields, SIGNED: limits.signed or bool(fields.get(SIGNED))},
    )


def _needs_that_nobody_meets(project: Project, file: RepositoryFile) -> Iterator[Mistake]:
    allowed = project.environments.known(file.environments)
    fields = {name: _fields(limits, file.environments.get(name)) for name, limits in allowed.items()}
    active = {name: each for name, each in fields.items() if "path" in each}
    needs = {name: each.get("needs", ()) for name, each in active.items()}
    for wrong in mistakes_in(needs, sorted(active)):
        if wrong.environment in file.environments:
            mine = file.environments[wrong.environment].said.get("needs", ())
            own = needs[wrong.environment][wrong.index] in mine
            written = _place_of(file.environments[wrong.environment])
            at = (*written, "needs") if own else written
            yield file.document.mistake(at, wrong.message, key=not own)


def _refuse_what_is_not_allowed(project: Project, file: RepositoryFile) -> None:
    document, mistakes = file.document, [*file.mistakes, *_needs_that_nobody_meets(project, file)]
    mistakes += [*_unknown(project, file), *_rules_of_the_operator(project, file)]
    for name, definition in file.environments.items():
        at = _place_of(definition)
        limits = project.environments.get(name)
        if limits is None:
            continue
        fields = _fields(limits, definition)
        if "path" not in fields:
            mistakes.append(
                document.mistake(
                    at, "'path' is missing: the folder or file with this environment's manifests", key=True
                )
            )
        for index, path in fields.get("helm", Helm()).outside(fields.get("path", "")):
            message = f"{quoted(path)} is outside of this repository: copy the file into it"
            mistakes.append(document.mistake((*at, "helm", "values", index), message))
        if fields.get("namespace", limits.namespaces[0]) not in limits.namespaces:
            message = (
                f"namespace {quoted(fields['namespace'])} is not this environment's: "
                f"the operator allows {listed(limits.namespaces)}"
            )
            mistakes.append(document.mistake((*at, "namespace"), message))
        if hosts := unlisted(fields.get("verify", ()), limits.verify_hosts):
            message = (
                f"'verify' asks {listed(map(printable, hosts))}, and the operator does not allow that: it takes "
                f"`verify_hosts: [{', '.join(map(printable, hosts))}]` beside {name} in pushboat.yaml"
            )
            mistakes.append(document.mistake((*at, "verify"), message))
    if mistakes:
        raise InvalidRepositoryFile(sorted_by_place(mistakes), tuple(file.environments))


def _rules_of_the_operator(project: Project, file: RepositoryFile) -> Iterator[Mistake]:
    """Find rules that would take the place of the operator's."""
    theirs = {rule.name for limits in project.environments.written.values() for rule in limits.rules}
    for number, rule in enumerate(file.rules):
        if rule.name in theirs:
            message = f"the operator has a rule {quoted(rule.name)}, which holds here too: call yours differently"
            yield file.document.mistake(("rules", number, "name"), message)


def _unknown(project: Project, file: RepositoryFile) -> Iterator[Mistake]:
    """Find what the operator does not have; of a pattern's folders in one sentence."""
    of_patterns: dict[str, list[str]] = {}
    for name in (name for name in file.environments if name not in project.environments):
        if entry := file.environments[name].entry:
            of_patterns.setdefault(entry, []).append(name)
        else:
            yield unknown_environment(file.document, project, name)
    for entry, names in of_patterns.items():
        yield unknown_folders(file.document, project, entry, names)


def _place_of(definition: Definition) -> tuple[str, str]:
    """Say under which key of the file an environment stands."""
    return ("environments", definition.entry or definition.name)
