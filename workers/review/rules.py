"""All that a review may find, one row each: what it is called where findings are told apart, and what it says."""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "pushboat-file": "The repository's own file, .pushboat.yaml, has a mistake",
    "plaintext-credential": "A file has a credential in plain text, where everybody reads it",
    "credential-elsewhere": "A changed file that belongs to no environment here has a credential in plain text",
    "secret-literal": "A Secret stands in the repository in plain text",
    "unreadable": "A file cannot be read as Kubernetes reads it, or does not render",
    "object": "An object lacks what every object has, or is there twice",
    "not-allowed": "The operator's file does not allow this object, or its namespace, here",
    "annotation": "An annotation of another tool cannot be followed",
    "removed-api": "The API version is no longer served; another one is",
    "unknown-kind": "Nothing serves an object of this kind",
    "deprecated-api": "The API version will not be served for long",
    "optional-api": "The API is served only where a cluster turns it on",
    "unknown-field": "The kind has no such field",
    "wrong-type": "The value is of another type than the field wants",
    "listed-twice": "A list names one thing twice",
    "missing-field": "The kind needs a field that is not there",
    "null": "The field must not be null",
    "wrong-value": "The value is none that the field takes",
    "mutable-tag": "An image is named by a tag, which can be moved to other content",
    "misread-key": "A key is read as true, false or another number than it is written as",
    "misread-version": "An apiVersion with an empty group is read as one without",
    "admission-policy": "A ValidatingAdmissionPolicy refuses the object, or could not be evaluated",
}
"""In the order in which they are looked for: cheapest first."""
