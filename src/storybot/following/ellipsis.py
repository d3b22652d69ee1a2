"""Questions that leave out what the turn before said: "Why?", "And her grandmother?", "The second one?"."""

import re
from collections.abc import Sequence

from storybot.following import clauses, lexicon
from storybot.following.exchanges import Exchange
from storybot.following.mentions import Mention, mentions
from storybot.following.pronouns import called
from storybot.following.salience import Scene

_LEAD = re.compile(r"^(?:(?:and|but|so|well|ok|okay|then|also|now)\b[, ]+)+", re.IGNORECASE)
_BARE = re.compile(
    r"^(?:(?P<wh>why|where|when|how|who|what|who with|who for|how long|how often|since when"
    r"|(?:with|for|to|from|by|in|at|on|of|about|around|behind|under) (?:whom|who|what|where))"
    r"|(?:why so|how come|why not|what for|for what reason|why (?:is|was) (?:that|this|it)|how so|why that))$",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"^(?P<wh>why|where|when|how) (?:did|does|do|will|would) (?:he|she|they|it)(?: do (?:that|this|it|so))?$"
    r"|^(?P<when>when|where|how) (?:(?:was|is) (?:that|this)|did (?:that|this|it) happen)$",
    re.IGNORECASE,
)
_ELSE = re.compile(r"^(?P<wh>what|who|where|when|why|how) else$", re.IGNORECASE)
_NEXT = re.compile(
    r"^(?:then what|what then|and then|then|what next|next|(?:and )?after that"
    r"|what (?:happened|happens|came) (?:then|next|after that|afterwards|after))$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(?:what|how) about (?P<what>.+)$", re.IGNORECASE)
_ONE = re.compile(
    rf"\b(?:the )?(?P<which>{'|'.join(lexicon.ORDINALS)}|other|next)(?: (?:one|item|thing))?$|"
    rf"\bthe (?P<inner>{'|'.join(lexicon.ORDINALS)}) one\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(rf"\b(?:{'|'.join(lexicon.ORDINALS)})\b", re.IGNORECASE)
_LIST = re.compile(r"\s*(?:,\s*(?:and\s+)?|;\s*|\band\b)\s*")
_THERE = re.compile(
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!been )\bthere(?= ?\??$| (?:when|after|before|with|for|and)\b)"
)
_WHO_DID = re.compile(r"^who (?!did\b|do\b|does\b|is\b|are\b|was\b|were\b|will\b|had\b|has\b)", re.IGNORECASE)
_MOST_WORDS = 6
_ITEM_WORDS = 6


def _core(question: str) -> str:
    return without_lead(question).strip().rstrip("?!. ")


def without_lead(question: str) -> str:
    """The question without the And that ties it to the turn before."""
    rest = _LEAD.sub("", question)
    return rest[0].upper() + rest[1:] if rest and rest != question else question


def complete(question: str, history: Sequence[Exchange], scene: Scene) -> str:
    """The question with what it left out; as it is where it leaves out nothing that the rules can tell.

    Its pronouns were resolved before.
    """
    last = history[-1]
    asked = _core(question)
    whole = _after(question, asked, last) or _one(asked, last)
    if whole is None:
        about = _ABOUT.match(asked)
        led = _LEAD.match(question) is not None
        short = led and len(asked.split()) <= _MOST_WORDS and not _is_question(asked)
        whole = (
            _instead(about["what"] if about else asked, last, scene) if about or short else _there(question, history)
        )
    return whole or question


def circumstance(question: str, last: Exchange) -> str | None:
    """The question that "Why?" is of what was said, "What else?" of what was asked; None for others."""
    asked = _core(question)
    bare = _BARE.match(asked) or _DONE.match(asked)
    if bare:
        said = clauses.statement(last)
        asked_for = bare.groupdict()
        return said.asked((asked_for["wh"] or asked_for.get("when") or "why").lower()) if said else None
    more = _ELSE.match(asked)
    opening = re.match(rf"^{more['wh']}\b", last.question, re.IGNORECASE) if more else None
    return f"{opening[0]} else{last.question[opening.end() :]}" if opening else None


def _after(question: str, asked: str, last: Exchange) -> str | None:
    """The question that "And then?" is: what came after what was said."""
    if not _NEXT.match(question.strip().rstrip("?!. ")) and not _NEXT.match(asked):
        return None
    happened = re.match(r"^what happened (?:when|after|because|once) (?P<clause>.+?)\??$", last.question, re.IGNORECASE)
    if happened:
        return f"What happened after {happened['clause']}?"
    said = clauses.statement(last)
    return f"What happened after {_told(said)}?" if said and _told(said) else None


def _told(said: clauses.Statement) -> str | None:
    """The statement as it is told: "Anna wore a hat" for "did" + "Anna wear a hat"; None where it can't be."""
    subject = next((m for m in mentions(said.rest) if m.start == 0 and not m.owner), None)
    if subject is None:
        return None
    verb = said.rest[subject.end :].strip()
    if not verb and said.auxiliary != "did":
        return None  # what somebody was is nothing that something comes after
    return (
        f"{subject.text} {verb}"
        if said.auxiliary == "did" and not verb
        else f"{subject.text} {_past(said.auxiliary, verb)}"
    )


def _past(auxiliary: str, verb: str) -> str:
    if auxiliary != "did":
        return f"{auxiliary} {verb}"
    first, _, others = verb.partition(" ")
    forms = {base: past for past, base in lexicon.IRREGULAR.items()}
    past = forms.get(first) or (
        first[:-1] + "ied" if re.search(r"[^aeiou]y$", first) else first.removesuffix("e") + "ed"
    )
    return f"{past} {others}".strip()


def _one(asked: str, last: Exchange) -> str | None:
    """The question about "the second one" of a list in the last answer, or after "the first" in the last question."""
    found = _ONE.search(asked)
    if not found or (
        found["which"]
        and found.start()
        and not re.match(r"^(?:what|how) about |^(?:the )?\w+$", asked, re.IGNORECASE)
        and "one" not in found[0]
    ):
        return None
    which = (found["which"] or found["inner"]).lower()
    whole = found.start() == 0 or _ABOUT.match(asked)
    if whole and _ORDINAL.search(last.question):
        return _ORDINAL.sub(which, last.question, count=1)
    items = [item for item in _LIST.split(last.answer or "") if item]
    place = lexicon.ORDINALS.get(which)
    if place is None or len(items) <= max(place, 1) or any(len(item.split()) > _ITEM_WORDS for item in items):
        return None
    item = re.sub(r"^an? ", "the ", items[place].strip(" ."))
    return f"What about {item}?" if whole else f"{asked[: found.start()]}{item}{asked[found.end() :]}?"


def _instead(phrase: str, last: Exchange, scene: Scene) -> str | None:
    """The last question asked of somebody else: "And her grandmother?"."""
    named = [each for each in mentions(last.question) if not each.owner and not _counted(each, last.question)]
    others = [mention for mention in mentions(phrase) if mention.start == 0 and mention.end == len(phrase)]
    if not named or not others or others[-1].head in {"one", "other", *lexicon.ORDINALS}:
        return None
    if _WHO_DID.match(last.question):
        return f"What about {called(others[-1])}?"
    other = others[-1]
    alike = [mention for mention in named if scene.pronouns(mention) & _kind(other, scene)]
    old = (alike or named)[0]
    if old.key == other.key:
        return None
    return last.question[: old.start] + called(other) + last.question[old.end :]


def _counted(mention: Mention, question: str) -> bool:
    """Whether the question asks which or how many of it there are."""
    return re.search(r"\b(?:how|which|what)(?: many| much)? $", question[: mention.start], re.IGNORECASE) is not None


def _kind(mention: Mention, scene: Scene) -> frozenset[str]:
    """The pronouns of all that are of its kind: people, or things."""
    own = scene.pronouns(mention)
    return frozenset({"he", "she", "they"}) if own & {"he", "she"} else frozenset(own)


def _there(question: str, history: Sequence[Exchange]) -> str | None:
    """The question with the place that "there" means, the answer to a "where"."""
    found = _THERE.search(question)
    last = next((each for each in reversed(history) if re.match(r"^where\b", each.question, re.IGNORECASE)), None)
    if not found or last is None or not last.answer or len(last.answer.split()) > _ITEM_WORDS:
        return None
    place = (
        last.answer[0].lower() + last.answer[1:]
        if last.answer.split()[0].lower() in lexicon.FUNCTION_WORDS
        else last.answer
    )
    phrase = place if place.split()[0] in lexicon.PREPOSITIONS else f"in {place}"
    return question[: found.start()] + phrase + question[found.end() :]


def _is_question(asked: str) -> bool:
    first = asked.split(maxsplit=1)[0].lower() if asked else ""
    return first in lexicon.INTERROGATIVES | lexicon.AUXILIARIES | lexicon.PREPOSITIONS
