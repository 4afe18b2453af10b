"""`pushboat simulate` shows an event in the words of the contract."""

from pushboat.routing import route
from pushboat.simulation import simulated
from tests.routing.words import SHA, STAGING, answered, asked, comment, facts, pull_request, push


def test_an_event_has_exactly_the_contracts_fields() -> None:
    """Scripts rely on these names."""
    assert simulated(push(before="0" * 40)) == {
        "event": {
            "kind": "push",
            "action": "updated",
            "repository": "acme/shop",
            "ref": "refs/heads/main",
            "base_ref": "",
            "sha": SHA,
            "before": "0" * 40,
            "number": None,
            "fork": None,
            "merged_sha": "",
            "author": "alice",
            "comment": "",
        }
    }


def test_a_comment_says_what_it_stands_on() -> None:
    """`on` is beside the text."""
    event = simulated(comment("/deploy staging", comment_on="issue"))["event"]
    assert (event["on"], event["comment"], event["number"]) == ("issue", "/deploy staging", 7)
    assert "on" not in simulated(pull_request())["event"]


def test_what_it_would_do_is_shown_beside_it() -> None:
    """Deployments, statuses and replies, and the sentence that the delivery would end in."""
    shown = simulated(pull_request(), route(pull_request(), facts(STAGING)))
    assert shown["sentence"] == "#7: planning staging at 1a2b3c4"
    assert shown["deploys"] == [{"kind": "plan", "environment": "staging", "ref": "refs/heads/fix", "sha": SHA}]
    assert [status["context"] for status in shown["statuses"]] == ["pushboat/plan"]
    refused = simulated(comment("/deploy x"), answered(comment("/deploy x"), asked(STAGING)))
    assert len(refused["replies"]) == 1
