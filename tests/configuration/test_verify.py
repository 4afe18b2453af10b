"""`verify` and `verify_hosts`: what a repository may ask for, whom the operator lets it ask, and every mistake."""

from typing import Any

import pytest

from pushboat.config import operator, repository
from pushboat.config.environment import as_released, effective, said_by
from pushboat.config.operator import Limits, Project
from pushboat.config.project import Allowed
from pushboat.config.urls import asked_host, may_be_asked
from pushboat.config.verifying import HttpVerification, JobVerification, MetricVerification
from pushboat.errors import InvalidRepositoryFile


def verify(*entries: str) -> tuple[Any, ...]:
    """Read entries of a repository's file."""
    text = f"environments: {{staging: {{path: a, verify: [{', '.join(entries)}]}}}}"
    return tuple(repository.parse(text).environments["staging"].said["verify"])


def test_each_sort_is_read() -> None:
    """An address, a Job, a number, and a number compared with the one before."""
    assert verify("{http: 'https://shop.example/healthz', status: 204, for: 2m, timeout: 5s}", "{job: jobs/smoke}") == (
        HttpVerification(url="https://shop.example/healthz", status=204, lasts=120.0, timeout=5.0),
        JobVerification(name="jobs/smoke"),
    )
    (found,) = verify("{http: 'https://shop.example/', contains: ready}")
    assert str(found) == "GET https://shop.example/ answers 2xx with 'ready' in it"
    bounded, near, above = verify(
        "{promql: errors, at: 'http://prometheus:9090/p', below: 0.01, above: -3}",
        "{promql: errors, at: 'https://p', against: previous, within: 10%, for: 3m}",
        "{promql: sales, at: 'https://p', against: previous, above: 90%}",
    )
    assert (bounded.below, bounded.above, str(bounded)) == (0.01, -3.0, "errors is above -3 and below 0.01")
    assert str(near) == "errors is at least 90% and at most 110% of what it was"
    assert (above.above, above.below, above.previous) == (0.9, None, True)


@pytest.mark.parametrize(
    ("value", "before", "good"),
    [(0.0, 0.0, True), (0.1, 0.0, False), (1.1, 1.0, True), (1.11, 1.0, False), (0.89, 1.0, False), (-1.1, -1.0, True)],
)
def test_near_means_near_on_both_sides(value: float, before: float, good: bool) -> None:
    """Ten percent up or down, of nothing nothing, and below zero alike."""
    near = MetricVerification(query="q", url="https://p", below=1.1, above=0.9, previous=True)
    assert near.accepts(value, before) == good


MISTAKES = {
    "{}": "'verify' needs one of http, job and promql in each entry",
    "{http: 'https://a', job: b}": "'verify' needs one of http, job and promql in each entry",
    "{http: 'https://a', below: 3}": "'verify' has 'below', which does not go with http",
    "{job: a, for: 3s}": "'verify' has 'for', which does not go with job",
    "{http: 'https://u:p@a/'}": "'http' must not have credentials in it",
    "{http: 'https://u@a/'}": "'http' must not have credentials in it",
    "{http: 'ftp://a/'}": "'http' must begin with https://",
    "{http: 'https://a/#x'}": "'http' must have neither credentials nor a '#' in it",
    "{http: 'https://a:0/'}": "'http' is no address",
    "{http: 'https://a/ b'}": "'http' must be plain characters without spaces",
    "{job: a, contains: b}": "'verify' has 'contains', which does not go with job",
    "{http: 'https://a', status: 99}": "'verify' has a 'status' that no server answers with",
    "{http: 'https://a', timeout: 2m}": "'verify' has a 'timeout' that is not from 1s to 60s",
    "{http: 'https://a', fro: 3s}": "unknown key 'fro': did you mean 'for'?",
    "{job: 'Smoke Test'}": "'job' must be the name of an object, or namespace/name",
    "{promql: q, below: 1}": "'verify' needs 'at' beside 'promql'",
    "{promql: q, at: 'https://p'}": "'verify' needs 'below' or 'above' beside 'promql'",
    "{promql: q, at: 'https://p', below: often}": "'below' must be a number such as 0.01, or a percentage",
    "{promql: q, at: 'https://p', below: nan}": "'below' must be a number such as 0.01, or a percentage",
    "{promql: q, at: 'https://p', below: 5%}": "'verify' has a percentage, which needs 'against: previous'",
    "{promql: q, at: 'https://p', against: previous}": "'verify' needs 'within: 10%' beside 'against'",
    "{promql: q, at: 'https://p', against: previous, below: 5}": "'verify' needs percentages beside 'against",
    "{promql: q, at: 'https://p', against: before, within: 1%}": "'against' must be 'previous'",
}


@pytest.mark.parametrize("entry", MISTAKES)
def test_every_mistake_is_named(entry: str) -> None:
    """I am told what is wrong, and what to write instead."""
    with pytest.raises(InvalidRepositoryFile) as raised:
        verify(entry)
    assert MISTAKES[entry] in str(raised.value)


def limits(*hosts: str, **fixed: Any) -> Limits:
    """An environment whose operator lists these hosts."""
    return Limits(environment="staging", cluster="dev", namespaces=("shop",), verify_hosts=hosts, fixed=fixed)


def test_a_host_that_is_not_listed_is_a_mistake_with_the_operators_line() -> None:
    """Nothing is deployed, and the sentence can be sent to whoever runs Pushboat."""
    text = "environments:\n  staging:\n    path: a\n    verify: [{http: 'https://evil.example:8443/x'}, {job: smoke}]\n"
    file = repository.parse(text)
    with pytest.raises(InvalidRepositoryFile) as raised:
        effective(
            Project(repository="github/acme/shop", environments=Allowed({"staging": limits("shop.example")})), file
        )
    assert str(raised.value) == (
        ".pushboat.yaml:4:13: 'verify' asks evil.example:8443, and the operator does not allow that: "
        "it takes `verify_hosts: [evil.example:8443]` beside staging in pushboat.yaml"
    )
    with pytest.raises(InvalidRepositoryFile, match=r"unknown key|for the operator's"):
        repository.parse("environments: {staging: {path: a, verify_hosts: [evil.example]}}")


@pytest.mark.parametrize(
    ("host", "url", "may"),
    [
        ("shop.example", "https://shop.example/healthz", True),
        ("shop.example", "https://SHOP.example:443", True),
        ("shop.example", "https://shop.example./", True),
        ("shop.example", "http://shop.example/", False),
        ("shop.example", "https://shop.example:8443/", False),
        ("shop.example", "https://shop.example.evil.example/", False),
        ("shop.example:8443", "https://shop.example:8443/", True),
        ("http://shop:8080", "http://shop:8080/", True),
        ("http://shop:8080", "https://shop:8080/", False),
        ("*.shop.example", "https://a.b.shop.example/", True),
        ("*.shop.example", "https://shop.example/", False),
        ("*.shop.example", "https://evilshop.example/", False),
        ("*.shop.example", "http://a.shop.example/", False),
        ("*.shop.example:8443", "http://a.shop.example:8443/", False),
        ("http://*.svc:80", "http://shop.svc/", True),
        ("http://[::1]:9090", "http://[::1]:9090/", True),
        ("127.0.0.1", "https://localhost/", False),
    ],
)
def test_a_host_is_the_one_that_is_listed(host: str, url: str, may: bool) -> None:
    """Name, port and whether it speaks TLS; a star stands for names in front, and for nothing else."""
    assert may_be_asked(url, (asked_host(host),)) == may


@pytest.mark.parametrize(
    "host", ["*", "*.", "a.*.b", "https://a/b", "ftp://a", "a:99999", "u@a", "a b", "", "a#b", "a?b"]
)
def test_what_is_no_host_is_refused(host: str) -> None:
    """A slip in the operator's list does not open more than was meant."""
    with pytest.raises(ValueError, match="lists hosts such as"):
        asked_host(host)


def test_a_release_keeps_what_verified_it() -> None:
    """A rollback asks what its release asked; what the operator fixes wins."""
    project = Project(repository="github/acme/shop", environments=Allowed({"staging": limits("p", "shop.example")}))
    text = """environments: {staging: {path: a, on_failure: rollback, verify: [{http: "https://shop.example/"},
        {job: smoke}, {promql: q, at: "https://p", against: previous, within: 10%, for: 1m}]}}"""
    staging = effective(project, repository.parse(text))["staging"]
    assert len(staging.verify) == 3
    assert staging.on_failure == "rollback"
    again = as_released(project.environments["staging"], said_by(staging))
    assert (again.verify, again.on_failure) == (staging.verify, "rollback")
    job = (JobVerification(name="other"),)
    assert as_released(limits(verify=job), said_by(staging)).verify == job
    assert as_released(limits(), {"path": "a"}).verify == (), "a release of an earlier version"


def test_what_the_operator_verifies_needs_no_list() -> None:
    """Whoever writes the address into the operator's file means it; the repository may ask that host then too."""
    text = """
forges: {github: {kind: github, webhook_secrets: [{env: S}], token: {env: S}}}
clusters: {dev: {in_cluster: true}}
projects:
  - repository: github/acme/shop
    environments:
      staging:
        cluster: dev
        namespaces: [shop]
        verify_hosts: ["*.Shop.example:443"]
        verify: [{http: "http://shop.internal:8080/healthz"}]
        on_failure: rollback
"""
    read = operator.parse(text, "pushboat.yaml", {"S": "0123456789abcdef"}).projects["github/acme/shop"]
    assert read.environments["staging"].verify_hosts == ("*.shop.example", "http://shop.internal:8080")
    file = repository.parse("environments: {staging: {path: a, verify: [{job: mine}]}}")
    staging = effective(read, file)["staging"]
    assert staging.verify == (HttpVerification(url="http://shop.internal:8080/healthz"),)
    assert staging.on_failure == "rollback"
