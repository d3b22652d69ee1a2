"""Forms of words that no stemmer brings together: irregular verbs and plurals, and numbers in letters and digits."""

from storybot.words import terms

_IRREGULAR = """
    arise arose arisen; awake awoke awoken; bear bore borne; beat beaten; become became; begin began begun; bend bent;
    bind bound; bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred; bring brought;
    build built; burn burnt; buy bought; catch caught; choose chose chosen; cling clung; come came; creep crept;
    deal dealt; dig dug; draw drew drawn; dream dreamt; drink drank drunk; drive drove driven;
    dwell dwelt; eat ate eaten; fall fell fallen;
    feed fed; feel felt; fight fought; find found; flee fled; fling flung; fly flew flown; forbid forbade forbidden;
    forget forgot forgotten; forgive forgave forgiven; freeze froze frozen; get got gotten; give gave given;
    go went gone; grow grew grown; hang hung; hear heard; hide hid hidden; hold held; keep kept; kneel knelt;
    know knew known; lay laid; lead led; leap leapt; learn learnt; leave left; lend lent; lie lain; light lit;
    lose lost; make made; mean meant; meet met; pay paid; ride rode ridden; ring rang rung; rise rose risen; run ran;
    say said; see saw seen; seek sought; sell sold; send sent; shake shook shaken; shine shone; shoot shot;
    show shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat; slay slew slain; sleep slept;
    slide slid; speak spoke spoken; spell spelt; spend spent; spin spun; spit spat; spring sprang sprung;
    stand stood; steal stole stolen; stick stuck; sting stung; stride strode; strike struck stricken; string strung;
    swear swore sworn; sweep swept; swim swam swum; swing swung; take took taken; teach taught; tear tore torn;
    tell told; think thought; throw threw thrown; tread trod trodden; understand understood; wake woke woken;
    wear wore worn; weave wove woven; weep wept; win won; wind wound; wring wrung; write wrote written;
    child children; man men; woman women; wife wives; knife knives; life lives; wolf wolves; thief thieves;
    loaf loaves; half halves; foot feet; tooth teeth; goose geese; mouse mice; ox oxen; die dying died; call name;
    1 one; 2 two; 3 three; 4 four; 5 five; 6 six; 7 seven; 8 eight; 9 nine; 10 ten; 11 eleven; 12 twelve; 13 thirteen;
    14 fourteen; 15 fifteen; 16 sixteen; 17 seventeen; 18 eighteen; 19 nineteen; 20 twenty; 30 thirty; 40 forty;
    50 fifty; 60 sixty; 70 seventy; 80 eighty; 90 ninety; 100 hundred; 1000 thousand
"""

_FIRST = {
    term: terms(forms.split()[0])[0]
    for forms in _IRREGULAR.split(";")
    for form in forms.split()
    for term in terms(form)
}

NUMBERS = frozenset(first for first in _FIRST.values() if first.isdigit())
"""The numbers that are known by letters too, in digits."""


def form(word: str) -> str:
    """What all forms of a word share; "" for a word of function alone."""
    stem = " ".join(terms(word))
    return _FIRST.get(stem, stem)
