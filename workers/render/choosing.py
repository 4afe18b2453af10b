"""From a folder to manifests: plain files, or what kustomize or Helm makes of them. Which of these, the folder says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pushboat.config.environment import Environment
from pushboat.config.helm import CHART, Helm, release_of
from pushboat.config.verifying import JobVerification
from pushboat.errors import RenderFailed
from pushboat.model.manifest import Manifest, Ref
from workers.render import plain
from workers.render.concealing import KEYLESS, Concealed, Opening
from workers.render.encrypted import concealed
from workers.render.helm import building as charts
from workers.render.helm.capabilities import Capabilities
from workers.render.helm.running import Question
from workers.render.kustomize import rendering
from workers.render.kustomize.fields import NAMES
from workers.render.kustomize.localising import Supply
from workers.render.kustomize.naming import ABSENT
from workers.render.referring import REFERENCES
from workers.render.revealing import in_clear, reveal
from workers.render.selecting import demand_fitting, said_of_choice
from workers.source.checkout import CheckedOut
from workers.source.outside.words import Bring, nothing
from workers.source.planted import Plant, no_base


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a folder became, and by what: `plain`, or a program with its version, such as `kustomize v5.8.1`.

    `notes` are sentences that people should know beside it; `roots` are those of the commit that it was made of.
    `settled`: nothing but those, the settings and what the cluster `served` decides what comes of it; the last is a
    digest, and empty where the cluster was not asked. `opened` says that values were decrypted for it,
    `in_clear` how many values of a Secret stand in the repository in plain text, `exposed` that credentials do.
    """

    manifests: tuple[Manifest, ...]
    engine: str
    notes: tuple[str, ...] = ()
    roots: Mapping[str, str] = field(default_factory=dict)
    settled: bool = True
    served: str = ""
    opened: bool = False
    in_clear: Mapping[Ref, int] = field(default_factory=dict)
    exposed: bool = False


def render(
    checked_out: CheckedOut,
    environment: Environment,
    repository: str = "",
    capabilities: Callable[[], Capabilities] = Capabilities,
    bring: Bring = nothing,
    plant: Plant = no_base,
    opening: Opening = KEYLESS,
) -> Rendered:
    """Turn a folder into manifests; `bring` and `plant` give what it needs from outside of the repository.

    What a chart may know of its cluster is asked for only where there is a chart, whose release may be called after
    the `repository`. Encrypted files are opened with `opening`; all that people see of the objects is made with
    words in place of values.

    Raises:
        RenderFailed: the engine refused the folder, or there is nothing in it.
        DecryptionFailed: an encrypted file cannot be opened, or a value would stand outside of a Secret.
        NotConfigured: this machine lacks the engine, or a sandbox for it.
        InvalidManifest: a file, or what the engine made, cannot be read; with file:line.
    """
    engine = engine_of(checked_out, environment)
    demand_fitting(checked_out, environment, engine)
    notes, settled, served = said_of_choice(checked_out), True, ""
    words = concealed(checked_out, engine, opening, environment.helm.files_beside(checked_out.folder))
    clear: Mapping[Ref, int] | None = None
    if engine == "helm":
        question = _question(environment, release_of(repository), capabilities())
        built = _charted(checked_out, question, bring, words)
        found, version, notes = list(built.manifests), built.engine, (*notes, *built.notes)
        settled, served, clear = built.settled, question.capabilities.digest, built.in_clear
    elif engine == "kustomize":
        supply = Supply(bring=bring, plant=plant, references=REFERENCES)
        made = _kustomized(checked_out, capabilities, supply)
        found, version, notes = made.manifests, made.engine, (*notes, *made.notes)
        settled = not made.charts  # what they were told of their cluster stands in no footprint
    else:
        found, version = plain.read(checked_out, environment), engine
    if not found:
        raise RenderFailed(_nothing(checked_out, engine))
    return Rendered(
        manifests=tuple(reveal(found, words)),
        engine=version,
        notes=notes,
        roots=checked_out.roots,
        settled=settled,
        served=served,
        opened=bool(words),
        in_clear=in_clear(found) if clear is None else clear,
    )


def engine_of(checked_out: CheckedOut, environment: Environment) -> str:
    """Say what renders a folder: what is asked for, else what lies in it; `helm:` asks for a chart."""
    shown, wanted = checked_out.shown, environment.render
    has = {name for name in (*NAMES, CHART) if (checked_out.path / name).is_file()}
    if environment.helm != Helm():
        if wanted in ("plain", "kustomize"):
            raise RenderFailed(
                f"{shown}: `render: {wanted}` and `helm` exclude each other: remove one in .pushboat.yaml"
            )
        wanted = "helm"
    if checked_out.file and wanted != "helm":
        return "plain" if wanted == "auto" else wanted
    if wanted == "kustomize" and not has & set(NAMES):
        raise RenderFailed(f"{shown} has no kustomization.yaml: add one, or remove `render`")
    if wanted == "helm" and CHART not in has:
        raise RenderFailed(f"{shown} has no {CHART}: add one, or remove `helm` and `render` in .pushboat.yaml")
    if wanted != "auto":
        return wanted
    if has & set(NAMES):
        return "kustomize"
    return "helm" if has else "plain"


def _question(environment: Environment, release: str, capabilities: Capabilities) -> Question:
    """Say what is asked of a chart: its tests only where one of them verifies what was deployed."""
    return Question(
        release=environment.helm.release or release,
        namespace=environment.namespace,
        helm=environment.helm,
        capabilities=capabilities,
        tests=any(isinstance(each, JobVerification) for each in environment.verify),
    )


def _charted(checked_out: CheckedOut, question: Question, bring: Bring, words: Mapping[str, Concealed]) -> charts.Built:
    try:
        return charts.build(checked_out.root, checked_out.folder, question, bring=bring, words=words)
    except RenderFailed as error:
        hint = _left_out(checked_out, f"{error.summary} {error.details}")
        raise RenderFailed(f"{hint}{error.summary}", error.details) from error


def _kustomized(checked_out: CheckedOut, capabilities: Callable[[], Capabilities], supply: Supply) -> rendering.Made:
    """Build the kustomization; where it misses something, say whether that was left out of the checkout."""
    try:
        return rendering.render(checked_out.root, checked_out.folder, capabilities, supply)
    except RenderFailed as error:
        hint = _left_out(checked_out, f"{error.summary} {error.details}")
        place, absent, _ = error.summary.partition(ABSENT)
        if hint and absent:  # it is in the commit, and was left out of the checkout
            raise RenderFailed(f"{place.partition(': ')[0]}: {hint.removesuffix('. ')}", error.details) from error
        raise RenderFailed(f"{hint}{error.summary}", error.details) from error


def _left_out(checked_out: CheckedOut, words: str) -> str:
    """Say why what the renderer missed is not there, because we did not check it out."""
    for path, sentence in checked_out.left_out.items():
        if PurePosixPath(path).name in words:
            return f"{sentence}. "
    for path in checked_out.submodules:
        if PurePosixPath(path).name in words:
            return f"{path} is a submodule, which Pushboat does not fetch: commit the files. "
    return ""


def _nothing(checked_out: CheckedOut, engine: str) -> str:
    shown = checked_out.shown
    if checked_out.submodules:
        return (
            f"{shown} holds no manifests, only the submodule {checked_out.submodules[0]}, which Pushboat does not fetch"
        )
    what = "holds no manifests (*.yaml, *.yml, *.json)" if engine == "plain" else "builds no objects"
    what += " beside what is left out" if checked_out.chosen_out else ""
    return f"{shown} {what}: deploying nothing would delete everything; add a manifest"
