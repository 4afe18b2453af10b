"""What audits of tools like this one have found: each class of it is tried on ours, by tests that are named here.

Whoever learns of another class adds its row; whoever renames a test is told here that the row still needs it.
"""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROVED: dict[str, tuple[str, ...]] = {
    "a kubeconfig from a Secret runs programs (CVE-2021-41254)": (
        "cluster/test_only_listed_programs_log_in.py::test_a_program_that_is_not_listed_never_runs",
        "cluster/test_only_listed_programs_log_in.py::test_a_listed_program_is_not_turned_into_another",
        "cluster/test_hostile_kubeconfigs.py::test_a_wrong_kubeconfig_names_itself_and_no_secret",
    ),
    "a path leads out: links, `..` and archives of charts (CVE-2022-24348)": (
        "charts/test_hostile_charts.py::test_a_hostile_chart_is_refused",
        "charts/test_hostile_charts.py::test_what_is_outside_is_not_there",
        "configuration/test_helm.py::test_values_outside_of_the_repository_are_a_mistake",
        "checkout/test_links_are_followed.py::test_a_path_over_a_link_that_leads_astray_is_refused",
        "checkout/test_links_lead.py::test_a_path_without_links_cannot_lead_out",
        "rendering/test_hostile_kustomizations_are_harmless.py::*",
        "outside/test_only_what_was_locked_comes.py::*",
    ),
    "a body is read before any limit or signature (CVE-2026-42294)": (
        "receiving/test_hostile_deliveries_are_refused.py::test_26_megabytes_are_too_large",
        "receiving/test_hostile_deliveries_are_refused.py::test_chunks_without_a_length_are_capped",
        "receiving/test_hostile_deliveries_are_refused.py::test_a_bad_signature_learns_nothing",
        "receiving/test_what_comes_in_is_bounded.py::test_large_bodies_are_taken_in_a_few_at_a_time",
    ),
    "an object that somebody mangled stops the controller for ever (CVE-2026-40886)": (
        "fuzz/test_every_target_holds.py::*",
        "health/test_hostile_statuses.py::*",
        "engine/test_a_lying_cluster_fools_nobody.py::test_the_end_is_right_on_a_bad_day",
    ),
    "any bearer is taken on a route that was forgotten (CVE-2026-28229)": (
        "dashboard/test_a_token_reaches_as_far_as_it_says.py::test_every_address_lets_in_who_may_and_nobody_else",
        "dashboard/test_people_sign_in.py::test_every_route_is_shut_to_who_is_not_signed_in",
    ),
    "an answer of the API has a secret (CVE-2025-55190)": (
        "dashboard/test_a_token_reaches_as_far_as_it_says.py::test_no_answer_has_a_secret",
        "configuration/test_operator_file.py::test_no_secret_shows_in_what_is_printed",
        "receiving/test_a_changed_secret_counts_at_once.py::test_secrets_are_not_shown",
    ),
    "ports inside are trusted: broker, database": (
        "stories/test_the_deploy_folder_is_true.py::test_nothing_but_http_is_reached_from_outside",
        "queue/test_broker.py::test_the_embedded_broker_answers_on_a_socket_of_ours_only",
        "cli/test_the_state_folder_is_private.py::*",
    ),
    "what is stripped are letters, not a word": (
        "routing/test_refs.py::*",
        "house/test_each_class_of_findings_is_proved.py::test_stripping_letters_for_words_is_a_mistake",
    ),
    "what is kept never ends; files that others read; short keys; what one asks for another": (
        "store/test_nothing_grows_for_ever.py::test_retention_takes_what_is_old_and_nothing_that_is_needed",
        "engine_room/test_the_installations_key.py::test_many_processes_that_start_at_once_have_one_key",
        "dashboard/test_a_ci_job_needs_no_secret.py::test_a_short_key_does_not_count",
        "images/test_signatures_count.py::test_a_key_that_nobody_can_use_is_the_operators",
        "checkout/test_credentials_stay_secret.py::test_a_redirect_does_not_carry_the_token_away",
        "sops/test_keepers_open_files.py::test_a_redirect_is_not_followed_and_no_token_goes_there",
    ),
    "sessions and tokens do not end, or count for another audience": (
        "dashboard/test_sessions_end.py::test_a_session_ends_whatever_its_browser_does",
        "dashboard/test_a_ci_job_needs_no_secret.py::test_a_hostile_token_is_refused_and_nothing_is_stored",
        "dashboard/test_people_sign_in.py::test_a_token_that_is_not_the_issuers_for_us_now_is_nobodys",
        "cli/test_token.py::test_a_revoked_token_counts_no_more",
        "dashboard/test_watchers.py::test_a_job_is_told_until_its_token_ends",
    ),
}
"""Each class with its tests; `*` where the whole file is about it."""


@pytest.mark.parametrize("found", PROVED)
def test_each_class_has_tests_that_are_there(found: str) -> None:
    """A class whose proof was renamed or deleted is told at once."""
    missing = []
    for proof in PROVED[found]:
        file, _, name = proof.partition("::")
        there = _tests(ROOT / "tests" / file)
        if not there or (name != "*" and name not in there):
            missing.append(proof)
    assert missing == []


def test_ten_classes_are_named() -> None:
    assert len(PROVED) == 10
    assert all(PROVED.values())


def test_stripping_letters_for_words_is_a_mistake() -> None:
    """`lstrip("refs/heads/")` eats the letters of a branch's name; ruff's B005 refuses it, everywhere."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert {"B", "B005"} & set(lint["select"])
    others = [rule for rules in lint.get("per-file-ignores", {}).values() for rule in rules]
    assert not {"B", "B0", "B00", "B005"} & {*lint.get("ignore", ()), *others}


def _tests(file: Path) -> set[str]:
    if not file.is_file():
        return set()
    nodes = ast.walk(ast.parse(file.read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
