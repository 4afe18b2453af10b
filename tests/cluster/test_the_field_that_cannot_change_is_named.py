"""Of a refusal with several causes the advice names the field that it is about."""

import json
from typing import Any

from pushboat.model.manifest import Manifest, Ref
from workers.cluster.client.refusals import Answered, translate
from workers.cluster.planning.fitting import Wishes
from workers.cluster.writing.settling import Patch, placed

SELECTOR = {"matchLabels": {"app.kubernetes.io/name": "web"}}
BODY: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"selector": SELECTOR, "template": {"metadata": {"labels": SELECTOR["matchLabels"]}}},
}
CAUSES = (
    ("spec.template.metadata.labels", "Invalid value: {}: `selector` does not match template `labels`"),
    ("spec.selector", "Invalid value: {}: field is immutable"),
)


def test_the_field_that_cannot_change_is_named_and_no_other() -> None:
    """My pods have other labels, which may change, and a selector, which may not: I am told of the selector."""
    causes = [{"reason": "FieldValueInvalid", "field": field, "message": why} for field, why in CAUSES]
    status = {"kind": "Status", "code": 422, "message": CAUSES[1][1], "details": {"causes": causes}}
    answered = translate("PATCH", 422, json.dumps(status).encode(), "", "dev")
    assert isinstance(answered, Answered)
    manifest = Manifest(ref=Ref("apps", "Deployment", "shop", "web"), version="v1", body=BODY, file="web.yaml", line=1)
    wishes = Wishes(manifest=manifest, declared=BODY, body=BODY)
    said = placed(Patch(wishes=wishes, body=BODY, before=None, live=None), answered)
    assert "its spec.selector cannot change — " in said.summary
    assert "spec.template.metadata.labels: Invalid value: {}: `selector` does not match" in said.summary
