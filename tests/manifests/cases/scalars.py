"""Plain words, one case each: what a value may look like that is a number, a truth, nothing, a time or text."""

from tests.manifests.cases.words import Cases, spec

_TRUTHS = "y Y yes Yes YES yEs n N no No NO nO true True TRUE tRUE false False FALSE on On ON oN off Off OFF"
_NOTHING = "~ null Null NULL nUll nil None none ~~ null~"
_WHOLE = (
    "0 -0 +0 00 000 1 -1 +1 12 0123 0644 -0644 +0644 08 09 018 0o17 0O17 -0o17 0o 0o8 0o0 0x1F 0X1f 0xfg 0x -0x1 +0x1 "
    "0b101 0B101 -0b101 +0b101 0b 0b2 0b-101 -0b-1 0b+11 -0b+1 1_000 1__0 _1 1_ 0_7 0_8 0x_1 0x1_F 0b1_0 0o1_7 1_0x "
    "9007199254740991 9007199254740993 -9007199254740993 9223372036854775807 9223372036854775808 -9223372036854775808 "
    "-9223372036854775809 18446744073709551615 +18446744073709551615 18446744073709551616 99999999999999999999 "
    "100000000000000000000000 0x7fffffffffffffff 0xffffffffffffffff 0xfffffffffffffffff 01777777777777777777777 "
    "07777777777777777777777777 0b1111111111111111111111111111111111111111111111111111111111111111 1234567 1234567e8"
)
_FRACTIONS = (
    "1.0 -1.0 +1.5 1. -1. .5 -.5 +.5 .5. 1.5.2 1e3 1E3 1e+3 1e-3 -1e3 1e 1e+ e3 1e3.5 1.5e3 1.5e-3 .5e1 .e1 . .. ... "
    "1e20 1e21 1e22 -1e21 1e300 1e308 1e309 -1e309 1e999 1e-400 5e-324 1e-7 1e-6 0.000001 0.0000001 123456789.125 "
    "0.1 0.30000000000000004 1_000.5 -.5_0 .5_0 +.5_0 ._5 .5_ ._ .5e1_0 1_0e1_0 _.5 "
    "1.7976931348623157e308 100000000000000000000.0 -0.0 0.0 "
    "0e0 00.5 09.5 0x1p-2 0x1.8 1f 1d 1L 10% 1k 1Ki 500m 1e3m 12e03 685230.15e+03 6.8523015e+5 685.230_15e+03 190:20:30"
)
_NO_NUMBERS = ".inf .Inf .INF .iNf +.inf +.Inf -.inf -.Inf -.INF .nan .NaN .NAN .Nan +.nan -.nan inf nan NaN Infinity"
_TIMES = (
    "2026-01-02 2026-1-2 2026-13-45 2026-01-02T03:04:05Z 2026-01-02t03:04:05Z 2026-01-02T03:04:05.678+01:00 2026-01 "
    "12:30 12:30:00 1:2 190:20:30.15 99:99 22:22 20:03:20 2026_01_02 0001-01-01"
)
_TEXTS = (
    "a a-b a.b/c a:b x#y @x-y! $HOME <<a =: = == ,a 1.2.3 1.2.3-rc.1 v1 1,000 1/2 10.0.0.0/8 "
    "127.0.0.1 ::1 +1-555-0100 0777x deadbeef 12345678e 1234567e 00e1 0e1 é ü日本 🚢 a\xa0b -- -a ---a ?a "
    ":a a? a:  "
)
_WRITTEN = {
    "empty": "",
    "comment alone": "# nothing",
    "word and comment": "on # switched",
    "word with its hash": "on#switched",
    "words": "no way",
    "number and words": "12 monkeys",
    "null and words": "null and void",
    "two lines": "on\n  off",
    "times in words": "2026-01-02 03:04:05",
    "time with zone apart": "2001-12-14 21:59:43.10 -5",
    "merge sign": "<<",
    "equals sign": "=",
    "tilde and words": "~ x",
    "trailing tab": "010\t",
    "leading tab": "\t010",
}


def cases() -> Cases:
    """Give each word as the value of a field."""
    words = " ".join((_TRUTHS, _NOTHING, _WHOLE, _FRACTIONS, _NO_NUMBERS, _TIMES)).split() + _TEXTS.split()
    plain = {f"plain {word}": spec(word) for word in words}
    return plain | {f"plain: {name}": spec(text) for name, text in _WRITTEN.items()}
