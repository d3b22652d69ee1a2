"""Questions taken apart and put together again: what an earlier turn asked, asked in another way."""

import re
from dataclasses import dataclass
from itertools import pairwise

from storybot.following import lexicon
from storybot.following.exchanges import Exchange
from storybot.following.mentions import mentions, words_of

_LONGEST_ANSWER = 12
"""Words of an answer that still fit into a question."""

_AUXILIARY = "did|do|does|was|were|is|are|had|has|have|will|would|can|could|should|must|might"
_ASKED = re.compile(
    r"^(?P<wh>(?:(?:in|at|on|with|for|to|by|from) )?(?:how (?:many|much)|who|whom|what|which|where|when|why|how)\b"
    rf"(?P<noun>(?: (?!(?:{_AUXILIARY})\b)[\w'\u2019-]+){{0,4}}?)) (?P<aux>{_AUXILIARY}) (?P<rest>.+)$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"how (?:many|much)\b", re.IGNORECASE)
_SUBJECT_ASKED = re.compile(r"^(?:who|what) (?P<verb>[a-z]+) ?(?P<rest>.*)$", re.IGNORECASE)
_YES_OR_NO = re.compile(rf"^(?P<aux>{_AUXILIARY}) (?P<rest>.+)$", re.IGNORECASE)
_SELF = re.compile(r" (?:him|her|it)self\b")
_PHRASE = re.compile(r"^(?:in|at|on|to|from|under|near|by|with|for|because|after|before|when|into)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a turn asked and answered, ready to be asked about: "did" + "Anna wear a red dress".

    quality: what somebody or something is, after "was".
    """

    auxiliary: str
    rest: str
    quality: str = ""

    def asked(self, interrogative: str) -> str:
        """The question for a circumstance of it. Only its reason is asked of a quality: "Where was the dress red?"."""
        quality = f" {self.quality}" if self.quality and interrogative == "why" else ""
        return f"{interrogative[0].upper()}{interrogative[1:]} {self.auxiliary} {self.rest}{quality}?"


def statement(exchange: Exchange) -> Statement | None:
    """What the turn said, its answer put where the question had its gap; None where the rules don't reach."""
    question = exchange.question.strip().rstrip("?!. ")
    answer = _short(exchange.answer)
    asked = _ASKED.match(question)
    if asked and not _lacks_subject(asked["wh"].lower(), asked["rest"]):
        if _COUNTED.match(asked["wh"]) and asked["noun"].strip() not in answer:
            answer = f"{answer}{asked['noun']}".strip()
        return _of_object(asked["wh"].lower(), asked["aux"].lower(), asked["rest"], answer)
    yes_or_no = _YES_OR_NO.match(question)
    if yes_or_no:
        return Statement(auxiliary=yes_or_no["aux"].lower(), rest=yes_or_no["rest"])
    subject = _SUBJECT_ASKED.match(question)
    return _of_subject(subject["verb"].lower(), subject["rest"], answer) if subject and answer else None


def _of_object(wh: str, auxiliary: str, rest: str, answer: str) -> Statement | None:
    words = rest.split()
    first_word, *more = wh.split()
    what = more[-1] if first_word in lexicon.PREPOSITIONS else first_word
    if answer and words[-1:] == ["do"] and what == "what":
        return _of_deed(auxiliary, " ".join(words[:-1]), answer)
    if what in {"where", "when"}:
        rest = f"{rest} {answer}" if _PHRASE.match(answer) else rest
    elif wh in {"why", "how"}:
        rest = f"{rest} {answer}" if words[-1] in {"feel", "look", "seem"} else rest
    elif auxiliary in {"is", "are", "was", "were"}:
        return Statement(auxiliary=auxiliary, rest=rest, quality=answer)
    else:
        rest = f"{rest} {answer}"
    return Statement(auxiliary=auxiliary, rest=rest.strip())


def _of_deed(auxiliary: str, subject: str, answer: str) -> Statement | None:
    first, *others = answer.split()
    if not others and first.endswith("ed") and base(first) not in lexicon.VERBS:
        return Statement(auxiliary="was", rest=subject, quality=first)  # "entranced" is how the crowd was
    if not _acts(first):
        return None
    deeds = [base(word) if before == "and" else word for before, word in pairwise([first, *others])]
    return Statement(auxiliary=auxiliary, rest=" ".join([subject, base(first), *deeds]))


def _of_subject(verb: str, rest: str, answer: str) -> Statement | None:
    if verb in lexicon.AUXILIARIES:
        return Statement(auxiliary=verb, rest=f"{answer} {rest}".strip())
    subject = next((mention for mention in mentions(answer) if mention.start == 0 and not mention.owner), None)
    if subject is None:
        return None
    if verb == "happened":
        first, _, others = answer[subject.end :].strip().partition(" ")
        done = f"{subject.text} {base(first)} {others}".strip()
        return Statement(auxiliary="did", rest=done) if _acts(first) else None
    past = base(verb) != verb and not verb.endswith("s")
    bare = base(verb) if past else re.sub(r"(?<=[^s])s$", "", re.sub(r"ies$", "y", verb))
    return Statement(auxiliary="did" if past or bare == verb else "does", rest=f"{answer} {bare} {rest}".strip())


def base(verb: str) -> str:
    """The verb of a past form; as it is where it isn't one."""
    lower = verb.lower()
    if lower in lexicon.IRREGULAR:
        return lexicon.IRREGULAR[lower]
    if not lower.endswith("ed"):
        return verb
    stem = lower[:-2]
    if stem.endswith("i"):
        return stem[:-1] + "y"
    if stem in lexicon.VERBS:
        return stem
    if stem + "e" in lexicon.VERBS or re.search(
        r"(?:[^aeiou][aeiou][vz]|c|[aeiou]s|[^aeiou]l|u|dg|[st]it|[^aeiou][aiu][rt])$", stem
    ):
        return stem + "e"
    return stem[:-1] if re.search(r"([bdgmnprt])\1$", stem) else stem


def _acts(word: str) -> bool:
    return word.lower() in lexicon.IRREGULAR or word.lower().endswith("ed")


def _lacks_subject(wh: str, rest: str) -> bool:
    """Whether what is asked for is the subject, as in "Who was hiding?"."""
    named = mentions(rest)
    return wh in {"who", "what"} and not (named and named[0].start == 0)


def _short(answer: str | None) -> str:
    """The answer as it stands in a question; empty where it is too long for that, or a sentence."""
    if not answer or len(answer.split()) > _LONGEST_ANSWER or re.search(r"[.!?;:]\s", answer):
        return ""
    plain = _SELF.sub("", answer).rstrip(".!? ")
    first, second, *_ = [*words_of(plain), None, None]
    begins = first and first.lower in lexicon.DETERMINERS | lexicon.PREPOSITIONS
    return plain[0].lower() + plain[1:] if begins and not (second and second.text[0].isupper()) else plain
