"""The words of a sentence that answer a question: by the question's kind, with simple rules of English word order."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from storybot.model import Span
from storybot.readers.evidence import FEELINGS, PERSONS, is_number, names
from storybot.readers.grammar import (
    MARKS,
    Range,
    Scene,
    clause_end,
    is_pronoun,
    is_verb,
    known,
    phrase_around,
    phrase_from,
    phrase_to,
    scene_of,
    stops,
    trimmed,
    verb_spot,
)
from storybot.readers.inflection import lemma, likeness
from storybot.readers.lexicon import DETERMINERS, PLACES
from storybot.readers.questions import Kind, Question

_ASIDES = frozenset(["when", "as", "after", "before", "while", "until"])


_QUOTED = re.compile(r"[\"\u201c]([^\"\u201c\u201d]{2,})[\"\u201d]?")


_REASON = re.compile(
    r"\b(because|so that|in order (?:to|that)|for fear|lest|thinking|as|for|since|to(?= [a-z]+))\b", re.IGNORECASE
)


def answer_span(question: Question, text: str) -> Span:
    """The span within the sentence that answers, by the first rule that applies; the whole sentence where none does."""
    scene = scene_of(question, text)
    for rule in _RULES.get(question.kind, ()):
        found = rule(scene)
        if found and found[1] > found[0]:
            return trimmed(scene, *found)
    return trimmed(scene, 0, len(scene.words))


def _after_verb(scene: Scene) -> Range | None:
    """The object: what follows the verb to the end of its clause."""
    verb = verb_spot(scene)
    if verb is None or verb + 1 >= len(scene.words):
        return None
    start = verb + 1
    end = clause_end(scene, start)
    phrase = phrase_from(scene, start)
    if phrase and known(scene, phrase):
        phrase = phrase_from(scene, phrase[1]) or phrase  # "gave Anna a ring"
    if phrase and not known(scene, phrase):
        return (phrase[0], max(phrase[1], _with_tail(phrase[1], end)))
    return (start, end) if end > start and not known(scene, (start, end)) else None


def _with_tail(start: int, end: int) -> int:
    """A short rest of the clause belongs to the object; a long one doesn't."""
    return end if end - start <= 5 else start  # noqa: PLR2004 - chosen on FairytaleQA train


def _kin(scene: Scene) -> Range | None:
    """What stands with a word near in meaning to the question's verb: its object, or the noun with its adjectives."""
    for i in range(len(scene.words) - 1, -1, -1):
        if not likeness(scene.words[i].lemma, scene.question.verb) or i in scene.like:
            continue
        found = phrase_from(scene, i + 1) if is_verb(scene, i) else phrase_around(scene, i)
        if found and found[1] - found[0] > 1 and not known(scene, found):
            return found
    return None


def _feeling(scene: Scene) -> Range | None:
    """The words of feeling that stand together: "sick and sorrowful"."""
    spots = [i for i, word in enumerate(scene.words) if word.lemma in FEELINGS and i not in scene.like]
    if not spots:
        return None
    end = spots[0] + 1
    while end + 1 < len(scene.words) and scene.words[end].plain in {"and", ","} and end + 1 in spots:
        end += 2
    return (spots[0], end)


def _object_phrase(scene: Scene) -> Range | None:
    verb = verb_spot(scene)
    phrase = phrase_from(scene, verb + 1) if verb is not None else None
    return phrase if phrase and not known(scene, phrase) else None


def _after_preposition(scene: Scene) -> Range | None:
    """What the preposition left hanging in the question ("... perform for?") governs in the text."""
    verb = verb_spot(scene)
    if not scene.question.preposition or verb is None:
        return None
    for i in range(verb + 1, len(scene.words) - 1):
        if scene.words[i].plain == scene.question.preposition:
            return phrase_from(scene, i + 1)
    return None


def _before_verb(scene: Scene) -> Range | None:
    """The subject: "X did", "done by X", "praise from X"."""
    verb = verb_spot(scene)
    if verb is None:
        return None
    words = scene.words
    for i in range(verb + 1, min(verb + 6, len(words) - 1)):
        if words[i].text in MARKS:
            break
        noun = words[i].plain == "from" and not is_verb(scene, verb)
        means = words[i].plain == "with" and i == verb + 1 and scene.question.kind == "subject"
        if words[i].plain == "by" or noun or means:
            phrase = phrase_from(scene, i + 1)
            if phrase and not known(scene, phrase):
                return phrase
    phrase = phrase_to(scene, verb)
    return phrase if phrase and not known(scene, phrase) and not is_pronoun(scene, phrase) else None


def _person(scene: Scene) -> Range | None:
    """The nearest phrase with a name or a person in it that the question didn't hold."""
    plain = [word.text for word in scene.words]
    new = names(plain) - scene.question.words
    spots = [i for i, word in enumerate(scene.words) if word.lemma in new and word.text[0].isupper()]
    spots += [i for i, word in enumerate(scene.words) if word.lemma in PERSONS - scene.question.words]
    anchors = list(scene.like) or [0]
    for spot in sorted(spots, key=lambda i: min(abs(i - j) for j in anchors)):
        start = spot
        while start and not stops(scene, start - 1) and not is_verb(scene, start - 1):
            start -= 1
            if scene.words[start].plain in DETERMINERS:
                break
        phrase = phrase_from(scene, start)
        if phrase and phrase[0] <= spot < phrase[1]:
            return phrase
    return None


def _place(scene: Scene) -> Range | None:
    """The phrase with a preposition of place, after the verb first, with what the question didn't say."""
    verb = verb_spot(scene)
    anchor = verb if verb is not None else min(scene.like, default=0)
    spots = [i for i, word in enumerate(scene.words) if word.plain in PLACES]
    for spot in sorted(spots, key=lambda i: (i < anchor, abs(i - anchor))):
        phrase = phrase_from(scene, spot + 1)
        if phrase and not known(scene, phrase) and not is_pronoun(scene, phrase):
            return (spot, phrase[1])
    return None


_TIME = re.compile(
    r"\b(?:(?:in|on|at|during|after|before|by|since|until|from|around)\s+)?(?:the\s+|one\s+|every\s+|next\s+|last\s+|that\s+|early\s+|late\s+)*"
    r"(?:\d{3,4}(?:\s*(?:AD|BC|s))?|morning|evening|night|day|noon|midnight|dawn|sunset|sunrise|spring|summer|autumn|winter|year|week|month|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)(?:\s+\d+)?(?:,?\s+\d{4})?|"
    r"\w+day)\b(?:\s+(?:morning|evening|night))?",
)


_TIME_CLAUSE = re.compile(r"\b(when|after|before|until|while|as soon as)\b", re.IGNORECASE)


def _time(scene: Scene) -> Range | None:
    for found in [*_TIME.finditer(scene.text), *_TIME_CLAUSE.finditer(scene.text)]:
        start = next((i for i, word in enumerate(scene.words) if word.start >= found.start()), 0)
        if found.re is _TIME_CLAUSE:
            return (start, clause_end(scene, start + 1))
        end = next((i for i, word in enumerate(scene.words) if word.start >= found.end()), len(scene.words))
        if not known(scene, (start, end)):
            return (start, end)
    return None


def _number(scene: Scene) -> Range | None:
    """The number beside the thing counted, with the thing."""
    focus = scene.question.focus
    spots = [i for i, word in enumerate(scene.words) if is_number(word.lemma)]
    if not spots:
        return None

    def apart(i: int) -> int:
        return min((j - i for j, word in enumerate(scene.words) if j > i and word.lemma in focus), default=99)

    start = min(spots, key=apart)
    end = start + apart(start) + 1 if apart(start) <= 3 else start + 2  # noqa: PLR2004 - "three little white mice"
    return (start, min(end, len(scene.words)))


def _reason(scene: Scene) -> Range | None:
    """The clause after "because", "so that", "to" ..., the surest link first."""
    best = None
    for found in _REASON.finditer(scene.text):
        sure = found.group().lower() in {
            "because",
            "so that",
            "in order to",
            "in order that",
            "for fear",
            "lest",
            "thinking",
        }
        if best is None or (sure and not best[0]):
            start = next((i for i, word in enumerate(scene.words) if word.start >= found.start()), 0)
            if sure:
                best = (sure, start)
    if best is None:
        return None
    start = best[1] + (scene.words[best[1]].plain == "because")
    return (start, clause_end(scene, start + 1))


def _speech(scene: Scene) -> Range | None:
    found = max(_QUOTED.finditer(scene.text), key=lambda each: len(each.group(1)), default=None)
    if not found:
        return None
    inside = [i for i, word in enumerate(scene.words) if found.start(1) <= word.start < found.end(1)]
    return (inside[0], inside[-1] + 1) if inside else None


def _predicate(scene: Scene) -> Range | None:
    """What follows "was", "is", "felt" behind a word of the question."""
    for i, word in enumerate(scene.words[:-1]):
        if word.plain in {"is", "are", "was", "were", "felt", "became", "seemed", "looked", "grew"} and any(
            j in scene.like for j in range(max(0, i - 5), i)
        ):
            start = i + 1
            end = clause_end(scene, start)
            if not known(scene, (start, end)):
                return (start, end)
    return None


def _focus_phrase(scene: Scene) -> Range | None:
    """The phrase around the noun that the question asks about: "a blue dress" for the colour of the dress."""
    if not scene.question.focus:
        return None
    found = (phrase_around(scene, i) for i in scene.like)
    return next((phrase for phrase in found if not known(scene, phrase)), None)


def _name(scene: Scene) -> Range | None:
    new = names([word.text for word in scene.words]) - scene.question.words
    naming = {lemma("name"), lemma("call"), lemma("named")} | set(scene.question.terms)
    spots = [i for i, word in enumerate(scene.words) if word.lemma in new and word.text[0].isupper()]
    anchors = [i for i, word in enumerate(scene.words) if word.lemma in naming]
    if not spots or not anchors:
        return None
    # A name follows its naming ("a man called Tom") more often than it goes before.
    return phrase_from(scene, min(spots, key=lambda i: min(i - j if i > j else j - i + 4 for j in anchors)))


def _new_clause_of(scene: Scene) -> Range | None:
    """The clause that says most of what the question didn't, where the others repeat the question."""
    words = scene.words
    cuts = [0]
    while cuts[-1] < len(words):
        end = clause_end(scene, cuts[-1] + 1)
        cuts.append(max(end, cuts[-1] + 1))
    clauses = list(pairwise(cuts))
    if len(clauses) < 2:  # noqa: PLR2004
        return None

    def news(found: Range) -> float:
        fresh = sum(words[i].text[0].isalnum() and i not in scene.like for i in range(*found))
        aside = 4 * (words[found[0]].plain in _ASIDES)
        return fresh - aside - 3 * sum(i in scene.like for i in range(*found))

    return max(clauses, key=news)


_Rule = Callable[[Scene], "Range | None"]


_RULES: dict[Kind, Sequence[_Rule]] = {
    "who": (_after_preposition, _before_verb, _object_phrase, _person),
    "whose": (_person,),
    "where": (_place,),
    "when": (_time,),
    "why": (_reason, _new_clause_of),
    "count": (_number,),
    "measure": (_number,),
    "feel": (_feeling, _predicate),
    "say": (_speech, _after_verb),
    "do": (_new_clause_of,),
    "happen": (_new_clause_of,),
    "how": (_predicate,),
    "name": (_name,),
    "be": (_predicate,),
    "object": (_after_preposition, _after_verb, _kin, _new_clause_of),
    "subject": (_before_verb, _focus_phrase, _new_clause_of),
}
