"""Forms of words: `went` is `go`, `leader` comes from `lead`, `clothing` is near `wear`."""

from functools import lru_cache

from storybot.readers.lexicon import listed
from storybot.words import terms, tokens

_IRREGULAR = """
    arise arose arisen; awake awoke awoken; be was were been is are am being; bear bore borne born; beat beaten;
    become became; begin began begun; bend bent; bind bound; bite bit bitten; bleed bled; blow blew blown; break
    broke broken; bring brought; build built; burn burnt; buy bought; catch caught; choose chose chosen; cling
    clung; come came; creep crept; deal dealt; die dying; dig dug; do did done does; draw drew drawn; dream dreamt;
    drink drank drunk; drive drove driven; dwell dwelt; eat ate eaten; fall fell fallen; feed fed; feel felt; fight
    fought; find found; flee fled; fly flew flown; forbid forbade forbidden; forget forgot forgotten; forgive
    forgave forgiven; freeze froze frozen; get got gotten; give gave given; go went gone; grind ground; grow grew
    grown; hang hung; have had has; hear heard; hide hid hidden; hold held; keep kept; kneel knelt; know knew known;
    lay laid; lead led; leap leapt; learn learnt; leave left; lend lent; lie lay lain lying; light lit; lose lost;
    make made; mean meant; meet met; pay paid; ride rode ridden; ring rang rung; rise rose risen; run ran; say said;
    see saw seen; seek sought; sell sold; send sent; shake shook shaken; shine shone; shoot shot; show shown; shrink
    shrank; sing sang sung; sink sank sunk; sit sat; slay slew slain; sleep slept; slide slid; speak spoke spoken;
    spend spent; spin spun; spring sprang sprung; stand stood; steal stole stolen; stick stuck; sting stung; strike
    struck stricken; swear swore sworn; sweep swept; swell swollen; swim swam swum; swing swung; take took taken;
    teach taught; tear tore torn; tell told; think thought; throw threw thrown; tread trod; understand understood;
    wake woke woken; wear wore worn; weave wove woven; weep wept; win won; wind wound; write wrote written; child
    children; foot feet; tooth teeth; goose geese; mouse mice; man men; woman women; wife wives; knife knives; leaf
    leaves; life lives; wolf wolves; thief thieves; ox oxen; good better best; bad worse worst
"""
_KIN = """
    wear dress cloth clothing garment robe costume clad attire; say tell reply answer speak ask cry exclaim; die
    dead death perish; big large great huge enormous; small little tiny; home house hut cottage; begin start; child
    son daughter baby; marry wed bride wedding; trip journey travel voyage; see look notice behold; get receive
    obtain; happy glad joy delight pleased; sad sorrow grief unhappy; angry anger rage furious wrath; afraid fear
    scared frighten terrify; make create build; find discover; live dwell reside; thank grateful gratitude;
    congratulate praise; sing song; fly flight; lose loss; choose choice pick; give gift present; poor poverty; rich
    wealth; strong strength; hungry hunger; wise wisdom; father papa; mother mamma; quick fast swift; search seek;
    kill slay; decide resolve; pretty beautiful lovely; help aid assist; want wish desire; happen befall; forest
    wood; road path; boy lad; girl maiden lass; eat devour; scream shriek; shut close; hit strike; sick ill; leave
    depart; reach arrive; order command bid; gather collect; enemy foe; stay remain; permit allow let; rescue save;
    need must; hide conceal; perform performance
"""
_ENDINGS = listed("""er or r ian ist ess ship hood y ful ing ant ion ment ness th ly ous en al ish""")
_SHORTEST_ROOT = 4
SAME, DERIVED, KIN = 1.0, 0.8, 0.5
"""How much a match is worth: the same word, one derived from the other, one near in meaning."""


def _stem(word: str) -> str:
    return next(iter(terms(word)), word)


_BASES = {form: group.split()[0] for group in _IRREGULAR.split(";") for form in group.split()[1:]}


@lru_cache(maxsize=65536)
def lemma(word: str) -> str:
    """Stem of the word's base form; `word` in lower case. `left` is `leave`, `lives` is `life`: one reading each."""
    return _stem(_BASES.get(word, word))


def is_bent(word: str) -> bool:
    """Whether the word is an irregular form, mostly a past: `went`, `children`."""
    return word in _BASES


_GROUPS: dict[str, set[int]] = {}
for _number, _group in enumerate(_KIN.split(";")):
    for _word in _group.split():
        _GROUPS.setdefault(lemma(_word), set()).add(_number)


@lru_cache(maxsize=262144)
def likeness(one: str, other: str) -> float:
    """How far two lemmas are one word: `SAME`, `DERIVED`, `KIN`, or 0."""
    if one == other:
        return SAME
    short, long = sorted((one, other), key=len)
    if len(short) >= _SHORTEST_ROOT and long.startswith(short) and long[len(short) :] in _ENDINGS:
        return DERIVED
    if _GROUPS.get(one, frozenset()) & _GROUPS.get(other, frozenset()):
        return KIN
    return 0.0


def lemmas(text: str) -> list[str]:
    """Lemmas of all words of the text in order, stop words included."""
    return [lemma(word) for word in tokens(text)]
