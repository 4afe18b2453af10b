"""Where Pushboat does not do what kubectl 1.32 does with a file, and why; every other case is the same."""

LOST = "kubectl loses or garbles something of the file in silence; we refuse the file and say where"
TWICE = "kubectl takes the last of two keys in silence, as most editors show the first; we refuse the second"
TAGS = "kubectl drops the tag in silence, and with it what the author meant by it; we refuse the tag by its name"
ALL_OF_IT = "kubectl leaves a part of the file out, in silence or because it stumbles over it; we read all of it"
WIDER = "kubectl stumbles over what is written without any doubt; we read it"
LATER = "kubectl 1.32 stays with JSON for what begins with a brace; from 1.33 on it goes on to YAML, and so do we"
KIND = "kubectl takes whatever has `items` for a list; we do so where the kind ends in List and the object has no name"

DIFFERENCES: dict[str, tuple[str, ...]] = {
    TWICE: (
        "shape: twice",
        "shape: twice in flow",
        "shape: twice in two spellings",
        "shape: twice as number and text",
        "shape: twice as octal and number",
        "shape: twice in quotes",
        "shape: twice as the same",
        "kind stands twice",
        'json {"a":1,"a":2}',
    ),
    TAGS: (
        "bad key !foo a",
        "tagged !foo 5",
        "tagged !foo [1]",
        "tagged !foo {a: 1}",
        "tagged !!seq {a: 1}",
        "tagged !!map [1]",
        "tagged !!omap [a: 1]",
        "tagged !!set {a, b}",
        "tagged !!pairs [a: 1]",
        "tagged !!python/none x",
        "tagged !!python/object/apply:os.system [id]",
        "tagged !<!foo> 5",
        "tagged !!value =",
    ),
    LOST: (
        "tagged !!binary gIGC",
        "bytes: UTF-16 with half a pair",
        "bytes: UTF-16 with a byte too few",
        "bytes: Latin-1",
        "bytes: an overlong character",
        "bytes: half a pair in UTF-8",
        'json "\\ud83d"',
        "documents: with an end and more",
        "flow: a key with its colon at the brace",
        "flow: a key with its colon at the comma",
        "flow: a key with its colon at a bracket",
    ),
    ALL_OF_IT: (
        "lines: line ends of old, two documents",
        "documents: with words on the line of its start",
        "documents: mark behind an empty line",
        "documents: mark behind a comment",
        "documents: mark before a start",
        "list of lists",
        "list of an empty list",
        "list of a list of null",
        "list typed, in a list",
    ),
    WIDER: (
        'quoted "\\/"',
        "shape: merge of an alias of a list",
        "documents: with a version",
        "documents: with a later version",
        "documents: with a tag's name",
    ),
    KIND: ("list of another kind", "list of a kind that ends so"),
    LATER: (
        'json "\t"',
        "json 01",
        "json +1",
        "json .5",
        "json 1.",
        "json 0x1F",
        "json 'a'",
        "json on",
        'json {"a":1,}',
        "json [1,]",
        "json: two with dashes between",
        "json: in YAML's own way",
        "json: with a comment",
        "json: before YAML",
    ),
}
EXPLAINED = frozenset(name for names in DIFFERENCES.values() for name in names)
