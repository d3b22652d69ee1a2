"""Closed classes of English words that a follow-up is understood by."""

MEN = frozenset(
    """
    boy boys bridegroom brother duke emperor father fisherman gentleman godfather grandfather grandson groom huntsman
    husband king knight lad lord man monk mr nephew nobleman prince sir son stepbrother stepfather stepson uncle
    woodsman youth page-boy step-father step-son step-brother son-in-law father-in-law
    """.split()
)
WOMEN = frozenset(
    """
    aunt bride countess daughter duchess empress enchantress giantess girl goddess godmother grandmother granddaughter
    heroine housewife lady lass maid maiden miss mistress mother mrs ms niece nun nurse princess queen sister
    stepdaughter stepmother stepsister widow wife witch woman step-mother step-daughter step-sister troll-woman
    washerwoman mother-in-law daughter-in-law mermaid
    """.split()
)
PERSONS = frozenset(
    """
    apprentice artist baby beggar butler captain chief child citizen cook doctor dwarf elf enchanter fairy farmer friend
    genie ghost giant goblin guard hermit hero hunter judge king's leader magician master merchant messenger miller
    minister musician neighbor neighbour nobody ogre painter person player poet president priest robber sailor saint
    scholar servant shepherd shoemaker singer soldier sorcerer spirit stranger tailor teacher thief tinker traveler
    traveller troll visitor wizard woodcutter wood-cutter writer youngest eldest oldest physician peasant page
    """.split()
)
"""People of either gender; a story tells which."""

ANIMALS = frozenset(
    """
    animal ant ape ass bear beast bee bird bull calf cat cock cow crab creature crow deer dog donkey dove dragon duck
    eagle elephant elk fish fly fox frog goat goose hare hen horse kid kitten lamb lion monkey monster mouse owl ox
    parrot pig pony rabbit rat raven rooster serpent sheep snake sparrow squirrel stag swan tiger toad turtle tortoise
    wolf worm
    """.split()
)
GROUPS = frozenset(
    "army audience band choir class club company couple court crew crowd duo ensemble family folk gang group household "
    "orchestra pair people quartet team tribe trio troupe village".split()
)
PLURALS = frozenset(
    "children men women people mice geese oxen folk wives knives wolves thieves elves dwarves others both gentlemen ladies".split()
)
EVENTS = frozenset(
    "performance concert show wedding feast party ball battle war fight funeral ceremony festival journey voyage meeting "
    "contest race game match hunt trial celebration dance play tour election".split()
)
"""What has a beginning and an end; "who was it for?" asks of one."""

DETERMINERS = frozenset(
    "the a an this that these those his her their its some any every each no another two three four five six seven "
    "many several all both".split()
)
AUXILIARIES = frozenset(
    "am is are was were be been do does did has have had will would can could shall should may might must isn't aren't "
    "wasn't weren't don't doesn't didn't hasn't haven't hadn't won't wouldn't can't couldn't shouldn't mustn't".split()
)
INTERROGATIVES = frozenset("who whom whose what which when where why how".split())
CONJUNCTIONS = frozenset(
    "when while after before because if until till since that as once though although where who which whom and but or so "
    "than whether unless why how what".split()
)
PREPOSITIONS = frozenset(
    "about above across after against along among around at before behind below beneath beside between beyond by down "
    "during for from in inside into like near of off on onto out outside over past round through to toward towards under "
    "until up upon with within without".split()
)
FUNCTION_WORDS = (
    DETERMINERS
    | AUXILIARIES
    | INTERROGATIVES
    | CONJUNCTIONS
    | PREPOSITIONS
    | frozenset(
        """
        i you he she it we they me him us them my your our mine yours hers ours theirs myself himself herself itself
        themselves not also always never ever again just only then there here now very too still yet away back well
        yes no please else ok okay once soon later today tonight tomorrow instead even almost
        """.split()
    )
)
ADJECTIVES = frozenset(
    """
    old young little small big great good bad poor rich tall short long new beautiful ugly pretty handsome fair wise
    foolish stupid clever brave wicked evil kind cruel dead blind lame sick ill strong weak happy sad angry hungry thirsty
    tired lonely strange wild tame golden silver copper iron wooden black white red blue green yellow brown grey gray dark
    bright first second third fourth fifth last next other same own whole only eldest oldest youngest elder younger
    middle royal holy magic magical enchanted dear fine sweet cold hot warm wet dry deep high low wide rare precious
    famous noble humble proud lazy tiny huge large vast enormous chinese japanese english french irish german american
    """.split()
)
VERBS = frozenset(
    """
    act agree allow answer appear ask become begin believe bite break bring build buy call carry catch change choose climb
    come cost cry cut dance decide die drink drive drop eat enter escape expect fall feel fight find fly follow forget get
    give go grow happen hate hear help hide hit hold hope hurt jump keep kill know laugh lead learn leave let lie like live
    look lose love make marry meet mind move need notice offer open own pay perform pick plan play pretend promise put
    reach read realize receive refuse remain remember reply return ride run say see seem sell send set shout show sing sit
    sleep smile speak spend stand start stay steal stop take talk teach tell thank think throw touch travel try turn
    understand use wait wake walk want warn watch wear win wish wonder work write
    """.split()
)
IRREGULAR = dict(
    pair.split(":")
    for pair in """
    ate:eat became:become began:begin bit:bite bought:buy broke:break brought:bring built:build came:come caught:catch
    chose:choose cut:cut did:do drank:drink drew:draw drove:drive fell:fall felt:feel fled:flee flew:fly forgot:forget
    fought:fight found:find gave:give got:get grew:grow had:have heard:hear held:hold hid:hide kept:keep knew:know laid:lay
    lay:lie led:lead left:leave let:let lit:light lost:lose made:make meant:mean met:meet paid:pay put:put ran:run read:read
    rode:ride rose:rise said:say sang:sing sat:sit saw:see sent:send set:set shone:shine shook:shake shot:shoot slept:sleep
    sold:sell spoke:speak spent:spend stole:steal stood:stand swam:swim swore:swear taught:teach thought:think threw:throw
    told:tell took:take tore:tear understood:understand went:go wept:weep woke:wake won:win wore:wear wrote:write
    """.split()
)
"""Past forms and their verbs."""

ORDINALS = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "last": -1,
}  # fmt: skip
