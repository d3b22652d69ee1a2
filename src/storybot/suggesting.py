"""Questions worth a try: about the names that a text speaks of most."""

import re
from collections import Counter

_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+){0,2}")
"""Capitalised words inside a sentence."""

_TEMPLATES = ("Who is {}?", "What did {} do?", "Where did {} go?", "What did {} say?", "What happened to {}?")
_NAMES = 3


def questions_about(text: str) -> list[str]:
    """Candidate questions, those about the commonest names first. Whether the text answers them is not yet known."""
    names = Counter(re.sub(r"['\u2019]s$", "", name) for name in _NAME.findall(text))
    chosen = [name for name, _ in names.most_common(_NAMES)]
    return [template.format(name) for template in _TEMPLATES for name in chosen]
