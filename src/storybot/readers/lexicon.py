"""Small words of English, by what they do in a sentence; all in lower case."""


def listed(text: str) -> frozenset[str]:
    """The words of a list written as prose."""
    return frozenset(text.split())


DETERMINERS = listed(
    """
    the a an his her their its my your our this that these those some any every each no another
    """
)
"""They open a noun phrase."""

PRONOUNS = listed(
    """
    he she it they him them i we you me us himself herself itself themselves who whom which that what
    """
)
"""They stand for a noun phrase."""

LINKS = listed(
    """
    and or but because so when while if as than though although where after before until since for
    """
)
"""They join clauses or phrases."""

PLACES = listed(
    """
    in at on under into near behind beside inside through over across upon among between within towards toward
    above below to from by around beneath along outside
    """
)
"""Prepositions that may tell a place."""

PREPOSITIONS = PLACES | listed("with of for about against onto without during down up off out")
"""They govern a noun phrase."""

AUXILIARIES = listed(
    """
    is are was were be been am had has have did does do will would can could should shall may might must not
    """
)
"""Helping verbs."""

VERBS = listed(
    """
    accept add agree allow appear arrive ask attack bake bathe be bear beat become beg begin believe bite
    blame blow break bring build burn bury buy call care carry catch cause change chase choose claim climb
    collect come complain congratulate consider cook cost cover create cross cry cut dance decide demand
    describe desire die dig disappear discover do dream dress drink drive drop dwell eat encounter end enjoy
    enter escape expect explain fall fear feed feel fetch fight fill find finish fly follow forget form found
    gather get give go grab grant grow guard hang happen have hear help hide hit hold hope hunt hurt invite
    join jump keep kill kiss know lay lead leap learn leave lend let lie light like listen live look lose love
    make marry mean meet need notice obey offer open order own paint pass pay perform persuade pick place plan
    plant play pour praise pray prepare pretend promise propose protect pull punish put reach react read
    realize receive recognize refuse remain remember reply request respond rest return ride rise roll row rule
    run save say search see seek seem sell send serve set shoot shout show sing sit sleep smell speak spend
    spread stand start stay steal stop strike suggest surround swallow swear swim take talk taste teach tell
    thank think threaten throw tie touch travel treat try turn use vanish visit wait wake walk want warn wash
    watch wear weep win wish wonder work worry write yell
    """
)
"""Common verbs in their bare form, as they follow "did"."""

GENERIC_WORDS = listed(
    """
    color colour kind sort type thing person people happen place time way name call word story character
    animal instrument object item name number amount part reason group did does do get go come make take have
    be want try use really first next finally later explain describe mention suggest respond react called
    named another ask tell say think feel know decide many become cause like begin start
    """
)
"""Words that a question may well add of its own."""
