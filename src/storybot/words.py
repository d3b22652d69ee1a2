"""Terms of a text: the one rule by which every ranking compares words."""

import re
import unicodedata

import Stemmer

RECIPE = "snowball-english"
"""Names how terms are made: another recipe, another index."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_STEMMER = Stemmer.Stemmer("english")

STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below between both but by
    can could did do does doing done down during each few for from further had has have having he her here hers herself
    him himself his how i if in into is it its itself just me might more most must my myself no nor not of off on once
    only or other our ours ourselves out over own same shall she should so some such than that the their theirs them
    themselves then there these they this those through to too under until up upon very was we were what when where
    which while who whom whose why will with would you your yours yourself yourselves
    """.split()
)
"""English function words, which say nothing of what a passage is about."""


def tokens(text: str) -> list[str]:
    """Words of the text in order, lower-case, without accents and possessives; stop words included."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return [re.split(r"['\u2019]", word)[0] for word in _WORD.findall(letters)]


def terms(text: str) -> list[str]:
    """Stems of the text's words in order, stop words left out. Source: Snowball English (Porter2, 2001)."""
    stems: list[str] = _STEMMER.stemWords([word for word in tokens(text) if word not in STOP_WORDS])
    return stems


def query_terms(question: str) -> list[str]:
    """Distinct terms of a question, in order."""
    return list(dict.fromkeys(terms(question)))
