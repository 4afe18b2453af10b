"""A repository moves over without edits: each annotation of another tool is understood, or refused by its name."""

import pytest

from pushboat.errors import InvalidManifest
from tests.directives.objects import all_of, body, manifests
from tests.directives.row import Row
from tests.directives.rows import ROWS
from workers.manifests.directives.reading import directives_in, directives_of
from workers.manifests.directives.table import TOOLS
from workers.manifests.directives.words import NOTHING, DeleteWhen, Mode, Phase

ARGO, HELM, FLUX = "argocd.argoproj.io", "helm.sh", "kustomize.toolkit.fluxcd.io"
EVERY_KIND = ("Job", "CustomResourceDefinition", "Widget")


@pytest.mark.parametrize("row", [each for each in ROWS if not each.says], ids=str)
def test_what_is_supported_is_understood(row: Row) -> None:
    """What I wrote for another tool means here what it means there."""
    (manifest,) = manifests(body(row.kind, annotations={row.key: row.value, **row.beside}))
    assert directives_of(manifest, recreate=EVERY_KIND) == row.means


@pytest.mark.parametrize("row", [each for each in ROWS if each.says], ids=str)
def test_what_is_not_supported_is_refused_by_name(row: Row) -> None:
    """What means something else than I would get is named, with its place, the reason and what to do; never ignored."""
    with pytest.raises(InvalidManifest) as refused:
        all_of(body(annotations={"mine": "1", row.key: row.value, **row.beside}))
    place, _, sentence = refused.value.summary.partition(": Job/shop/one: ")
    assert place == "deploy/all.yaml:8:5"
    assert row.says in sentence
    assert row.key in sentence


def test_every_annotation_that_a_table_names_has_a_row() -> None:
    """Nothing is promised that no row shows: each key with a meaning or a refusal of every tool is in the table."""
    shown = {row.key for row in ROWS}
    named = {key for tool in TOOLS for key in tool.meanings}
    assert named <= shown
    for tool in TOOLS:
        for pattern, _ in tool.patterns:
            assert any(pattern.fullmatch(key) for key in (*shown, *(key for row in ROWS for key in row.beside)))


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_marks_of_a_tool_change_nothing(tool: object) -> None:
    """What a tool writes on objects for itself, and exports carry along, does no harm."""
    for key in tool.inert:  # type: ignore[attr-defined]  # a row of the table
        assert directives_in(body(annotations={key: "anything"})) == NOTHING


def test_argo_cds_hook_stands_before_helms() -> None:
    """A chart that knows both tools says with Argo CD's annotation what holds; the weight is Helm's all the same."""
    both = {f"{HELM}/hook": "pre-install", f"{ARGO}/hook": "PostSync", f"{HELM}/hook-weight": "3"}
    found = directives_in(body(annotations=both))
    assert [hook.phase for hook in found.hooks] == [Phase.AFTER]
    assert found.order == 3
    assert directives_in(body(annotations={**both, f"{ARGO}/sync-wave": "7"})).order == 7


def test_a_weight_without_a_hook_is_none() -> None:
    """Helm counts the weight of hooks only."""
    assert directives_in(body(annotations={f"{HELM}/hook-weight": "3"})).order == 0
    assert directives_in(body(annotations={"werf.io/weight": "3"})).order == 3


def test_a_hook_is_made_anew_where_nobody_says_otherwise() -> None:
    """Without a policy the old object leaves before the new one comes; with policies, those of both tools count."""
    hook = {f"{ARGO}/hook": "PreSync"}
    assert directives_in(body(annotations=hook)).deleted_when == {DeleteWhen.BEFORE_CREATION}
    both = {**hook, f"{ARGO}/hook-delete-policy": "HookSucceeded", f"{HELM}/hook-delete-policy": "hook-failed"}
    assert directives_in(body(annotations=both)).deleted_when == {DeleteWhen.SUCCEEDED, DeleteWhen.FAILED}
    werf = {f"{HELM}/hook": "pre-install", "werf.io/delete-policy": "succeeded"}
    assert directives_in(body(annotations=werf)).deleted_when == {DeleteWhen.SUCCEEDED}


def test_flux_reads_labels_too_and_others_do_not() -> None:
    """`prune: disabled` as a label keeps an object; a label of Argo CD is no hook."""
    labelled = body()
    labelled["metadata"]["labels"] = {f"{FLUX}/prune": "disabled", f"{ARGO}/hook": "PreSync"}
    found = directives_in(labelled)
    assert [keep.said for keep in found.keeps] == ["disabled"]
    assert not found.is_hook


def test_of_two_wishes_the_careful_one_counts() -> None:
    """Where one tool's annotation applies and another's leaves alone, the object is left alone."""
    two = {f"{FLUX}/ssa": "IfNotPresent", "kapp.k14s.io/noop": ""}
    assert directives_in(body(annotations=two)).mode is Mode.IGNORE
    unwaited = {f"{ARGO}/ignore-healthcheck": "true", "kapp.k14s.io/deploy-logs": "", f"{ARGO}/sync-wave": "1"}
    assert not directives_in(body(annotations=unwaited)).waited
    assert not directives_in(body(annotations={"kapp.k14s.io/disable-wait": "", f"{ARGO}/sync-wave": "1"})).waited


def test_a_wrong_option_takes_no_protection_away() -> None:
    """What keeps an object in the cluster keeps it, whatever nonsense stands beside it."""
    for options in ("NoSuchOption=true,Prune=false", "Prune=false,NoSuchOption=true"):
        found = directives_in(body(annotations={f"{ARGO}/sync-options": options}))
        assert [keep.said for keep in found.keeps] == ["Prune=false"]
        assert len(found.slips) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (f"{ARGO}/sync-options", "Force=true"),
        (f"{ARGO}/sync-options", "Replace=true"),
        (f"{FLUX}/force", "enabled"),
        ("kapp.k14s.io/update-strategy", "fallback-on-replace"),
        ("kapp.k14s.io/update-strategy", "always-replace"),
        ("werf.io/delete-policy", "before-creation"),
    ],
)
def test_only_the_operator_lets_objects_be_recreated(key: str, value: str) -> None:
    """What would delete and create again is refused with the line to add, unless the operator lists the kind."""
    with pytest.raises(InvalidManifest, match=r"let the operator add `recreate: \[Job, StatefulSet\]`"):
        all_of(body("StatefulSet", annotations={key: value}), recreate=("Job",))
    assert all_of(body("StatefulSet", annotations={key: value}), recreate=("StatefulSet",))
    if "Replace" not in value:
        with pytest.raises(InvalidManifest, match="no Namespace may be"):
            all_of(body("Namespace", annotations={key: value}, namespace=""))


def test_a_hook_needs_no_leave_to_be_made_anew() -> None:
    """`Force=true` on a hook asks for what hooks do anyway."""
    assert all_of(body(annotations={f"{ARGO}/hook": "PreSync", f"{ARGO}/sync-options": "Force=true,Replace=true"}))


def test_argo_cds_finalizer_is_refused() -> None:
    """An object that only Argo CD could let go is refused while it is still in git."""
    held = body(annotations={f"{ARGO}/hook": "PreSync"})
    held["metadata"]["finalizers"] = [f"{ARGO}/hook-finalizer"]
    with pytest.raises(InvalidManifest, match=r"all\.yaml:8:3: .*only Argo CD takes it off"):
        all_of(held)


def test_all_mistakes_are_named_at_once() -> None:
    """One push shows every annotation that is wrong, each with its line."""
    wrong = [body(name=f"job-{number}", annotations={f"{ARGO}/hook": "Never"}) for number in range(3)]
    with pytest.raises(InvalidManifest) as refused:
        all_of(*wrong, body(annotations={f"{HELM}/hook-weight": "x"}))
    assert refused.value.summary.endswith("(and 3 more)")
    assert [line.split(": ")[0] for line in refused.value.details.splitlines()] == [
        "- deploy/all.yaml:7:5",
        "- deploy/all.yaml:15:5",
        "- deploy/all.yaml:23:5",
        "- deploy/all.yaml:31:5",
    ]
