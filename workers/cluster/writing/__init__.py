"""Make it so, object by object, each a compare-and-set; or ask what it would do."""
