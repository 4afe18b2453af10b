"""Say why something does not run, in one sentence that a person can act on, with the evidence for it."""
