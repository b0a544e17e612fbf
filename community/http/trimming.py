"""Comments of our own scripts and styles are for those who read the source; they do not travel."""

import re

_STRINGS = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|/(?:[^/\\\n*]|\\.)(?:[^/\\\n]|\\.)*/""")


def without_comments(source: str) -> str:
    """The source with an empty line for each line that is nothing but comment: line numbers stay.

    Lines within a template literal of several lines are text, whatever they look like.
    """
    kept: list[str] = []
    in_comment = in_literal = False
    for line in source.split("\n"):
        start = line.lstrip()
        in_comment = in_comment or (start.startswith("/*") and not in_literal)
        if in_comment or (start.startswith("//") and not in_literal):
            in_comment = in_comment and "*/" not in start
            kept.append("")
            continue
        in_literal ^= _STRINGS.sub("", line).count("`") % 2 == 1
        kept.append(line)
    return "\n".join(kept)
