"""Closed classes of English words that tell what may be asked about a clause, and with which word."""

from storybot.following import lexicon

PEOPLE = (
    lexicon.MEN
    | lexicon.WOMEN
    | lexicon.PERSONS
    | frozenset(
        """
        person man woman squire baronet convict detective lawyer cousin gardener attendant pirate crew boatswain clerk
        lodger leader hero ally ayah rajah sister parent parents neighbour officer patient pupil slave mate boys girls
        nobleman sailor enemy companion schoolmaster caretaker governess emissary fellow guest heir client
        champion warrior knight
        """.split()
    )
)
"""Who, not what."""

PERSONAL_ENDINGS = ("man", "woman", "men", "women", "maid", "keeper", "ist", "mother", "father")

NEEDS_CONTEXT = frozenset(
    """
    this that these those here there then now such same other another others both former latter one ones so thus
    therefore however today yesterday tomorrow tonight thing things something anything everything nothing someone
    somebody anyone anybody everyone everybody nobody none any either neither whole following aforesaid else certain
    each too it ere half rest no
    """.split()
)
"""Words that say nothing to somebody who hasn't read what goes before."""

NEVER = frozenset(
    "never not n't hardly scarcely seldom rarely barely no nor without perhaps probably possibly almost".split()
)
"""What makes a clause say that something wasn't so, or only may have been."""

EMPTY_ANSWERS = NEEDS_CONTEXT | frozenset(
    """
    way kind sort part time matter place moment minute word lot deal bit rest while fact course use care advantage
    turn look sight glance step hand hands head eyes eye face voice feet foot back shoulders shoulder arms arm lips
    finger fingers mouth mind heart breath tongue body knee knees hair self attention notice note leave possession
    day days chance right end trouble man people manner effort noise sound silence sense feeling appearance reply
    answer air tone form point idea view side pause smile laugh sigh nod cry start difference expression impression
    fashion direction night nights hour hours year years story tale trifle case question thought thoughts opportunity
    """.split()
)
"""Heads of phrases that answer nothing worth asking: what did she shake?"""

WEAK = frozenset(
    """
    say ask think tell know see hear feel seem appear look reply answer add cry call suppose wish mean begin happen
    continue go come get let try remark observe exclaim murmur mutter whisper shout repeat use keep prove remain fail
    imagine fancy consider regard become do have find make give take hope believe want turn notice remember
    """.split()
)
"""Verbs whose question asks for too much or too little, unless much else is said in it."""

NEVER_ASKED = frozenset(
    "say ask think reply answer add cry exclaim remark observe murmur mutter seem appear be".split()
)
"""Verbs without a question for what, however much is said with them."""

GOING = frozenset(
    """
    go come walk run ride drive sail travel flee fly climb move return arrive hurry rush march wander journey creep
    jump leap fall sink crawl swim retire withdraw emigrate escape land disembark
    """.split()
)
STAYING = frozenset(
    "live dwell lodge stay sleep sit lie stand hide wait camp reside work grow kneel rest study settle die".split()
)
PLACING = frozenset(
    """
    bury bear marry meet kill murder arrest catch discover find lose drown wound put lay place set hang throw
    plant build carry bring take lead send drag push pull pour fasten tie chain lock imprison store hide see
    """.split()
)
"""Verbs that ask for a place only with what is placed."""

PUTTING = frozenset("put place set lay".split())
"""Verbs that can't do without a place."""

PLACE_PREPOSITIONS = frozenset(
    "in at into on onto near under beneath beside behind inside outside over above among between through across "
    "toward towards upon to by within below".split()
)
NAMED_PLACE_PREPOSITIONS = frozenset("in at to into near through".split())
"""What stands before a name that is a place's, if it isn't a person's."""

PLACES = frozenset(
    """
    abbey alley apartment attic avenue bank barn barrow bay beach bed bedroom bench boat bog bottom box bridge cabin
    camp cave cellar chamber chapel chest church city clearing cliff coast cottage country court courtyard creek
    cupboard deck den desert dining-room drawing-room drawer end farm field fireplace fireside flat forest fort garden
    door gate glen grave ground hall harbour heath hedge hill hole home hospital hotel house hut inn island isle
    jungle kitchen lake land lane lawn library lodge manor market meadow mill mine moor mountain museum nest orchard
    palace parlour park pasture path peak pit pond pool port prison pub quay ravine reef river road rock roof room
    sea school shed ship shop shore square stable stairs station stockade street stream swamp table tavern temple
    theatre tomb top tower town tree tunnel valley vault vessel village wall well wood woods world yard station stage
    hillside seashore nursery corridor passage cage basket pocket sack bag bucket oven steppe steppes closet burrow
    """.split()
)
TIMES = frozenset(
    """
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday christmas easter midnight noon dawn sunrise sunset midsummer michaelmas spring
    summer autumn winter o'clock breakfast dinner supper tea lunch nightfall dusk century
    """.split()
)
"""What a date or an hour is told by."""

SPELLS = frozenset("moment minute hour day night morning evening afternoon week month year time age".split())
"""What passes, and does nothing by itself."""

TIME_PREPOSITIONS = frozenset("in on at after before since until".split())

INTENDING = frozenset(
    """
    decide want promise refuse agree plan intend resolve determine offer threaten propose learn order command beg
    forbid persuade advise force teach invite forget long wish
    """.split()
)
"""Verbs that ask for what somebody is to do."""

OCCASIONS = frozenset("as when while after before".split())
"""What begins a clause that tells when."""

OURS = frozenset("i we you me us my our your mine ours yours".split())

STRANDED = frozenset("with of about for from by against on into after".split())
"""Prepositions that may end a question."""

ADJOINING = frozenset("away back up down home out off together apart aside forward ashore".split())
"""Adverbs that belong to their verb."""
