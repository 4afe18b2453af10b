"""Comments that smuggle a command: none of them does anything, and each leaves a record that says why."""

COMMAND = "/deploy staging"

SMUGGLED = {
    "in a quote": f"> {COMMAND}",
    "in a quote without a space": f">{COMMAND}\n\nwhy?",
    "in a quote of a quote": f"> > {COMMAND}",
    "in a lazy quote": f"> see\n{COMMAND}",
    "in a fence": f"```\n{COMMAND}\n```",
    "in a fence with a language": f"```sh\n{COMMAND}\n```",
    "in a tilde fence": f"~~~\n{COMMAND}\n~~~",
    "in an unclosed fence": f"see\n```\n{COMMAND}",
    "in a fence inside a fence": f"````\n```\n{COMMAND}\n```\n````",
    "in a fence in a quote": f"> ```\n> {COMMAND}\n> ```",
    "indented": f"    {COMMAND}",
    "indented by a tab": f"\t{COMMAND}",
    "indented by spaces and a tab": f"  \t{COMMAND}",
    "indented below": f"see\n\n    {COMMAND}",
    "in an HTML comment": f"<!-- {COMMAND} -->",
    "in an HTML comment of three lines": f"<!--\n{COMMAND}\n-->",
    "behind an HTML comment": f"<!-- x -->{COMMAND}",
    "below an HTML comment": f"<!-- x -->\n{COMMAND}",
    "in an unclosed HTML comment": f"thanks <!--\n{COMMAND}",
    "in details": f"<details>\n{COMMAND}\n</details>",
    "in a summary": f"<details><summary>{COMMAND}</summary></details>",
    "in a hidden span": f'<span style="display:none">{COMMAND}</span>',
    "in a link's definition": f"[//]: # ({COMMAND})",
    "in an image's words": f"![{COMMAND}](https://example.com/x.png)",
    "on a later line": f"please\n{COMMAND}",
    "on a later line, after a carriage return": f"please\r{COMMAND}",
    "on a later line, after a line separator": f"please\u2028{COMMAND}",
    "in a table": f"| {COMMAND} |\n|---|",
    "in a heading": f"# {COMMAND}",
    "in a task": f"- [ ] {COMMAND}",
    "in an e-mail's quote": f"On Mon, 23 Nov 2026, Alice <alice@example.com> wrote:\n> {COMMAND}",
    "in an e-mail's answer": f"Fine.\n\nOn Mon, 23 Nov 2026, Alice wrote:\n\n> {COMMAND}\n>\n> thanks",
    "in a suggestion": f"```suggestion\n{COMMAND}\n```",
}

MAILED = {
    "above an English quote": f"{COMMAND}\n\nOn Mon, 23 Nov 2026 at 10:00, Bob <bob@example.com> wrote:\n> /deploy?",
    "above a wrapped English quote": f"{COMMAND}\n\nOn Mon, 23 Nov 2026 at 10:00, Bob\n<bob@example.com> wrote:\n> hm",
    "above a German quote": f"{COMMAND}\n\nAm 23.11.2026 um 10:00 schrieb Bob:\n> hm",
    "above a French quote": f"{COMMAND}\n\nLe lun. 23 nov. 2026 à 10:00, Bob a écrit :\n> hm",
    "above an original message": f"{COMMAND}\n\n-----Original Message-----\nFrom: Bob",
    "above Outlook's headers": f"{COMMAND}\n\nFrom: Bob <bob@example.com>\nSent: Monday",
    "above the forge's own footer": f"{COMMAND}\n\n—\nReply to this email directly, view it on GitHub",
    "above a telephone's signature": f"{COMMAND}\n\nSent from my iPhone",
}
"""They begin with a command, and came by mail: what a mail says of its writer proves nothing."""
