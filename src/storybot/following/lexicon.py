"""Closed classes of English words that a follow-up is understood by."""

MEN = frozenset(
    """
    boy boys bridegroom brother duke emperor father fisherman gentleman godfather grandfather grandson groom
    huntsman husband king knight lad lord man monk mr nephew nobleman prince sir son stepbrother stepfather stepson
    uncle woodsman youth page-boy step-father step-son step-brother son-in-law father-in-law
    """.split()
)
NOT_MEN = frozenset("abdomen acumen omen regimen specimen stamen".split())
"""Words that end as fishermen does."""

WOMEN = frozenset(
    """
    aunt bride countess daughter duchess empress enchantress giantess girl goddess godmother grandmother
    granddaughter heroine housewife lady lass maid maiden miss mistress mother mrs ms niece nun nurse princess queen
    sister stepdaughter stepmother stepsister widow wife witch woman step-mother step-daughter step-sister
    troll-woman washerwoman mother-in-law daughter-in-law mermaid
    """.split()
)
PERSONS = frozenset(
    """
    apprentice artist baby beggar butler captain chief child citizen cook doctor dwarf elf enchanter fairy farmer
    friend genie ghost giant goblin guard hermit hero hunter judge leader magician master merchant messenger
    miller minister musician neighbor neighbour nobody ogre painter person player poet president priest robber
    sailor saint scholar servant shepherd shoemaker singer soldier sorcerer spirit stranger tailor teacher thief
    tinker traveler traveller troll visitor wizard woodcutter wood-cutter writer youngest eldest oldest physician
    peasant page
    """.split()
)
"""People of either gender; a story tells which."""

ANIMALS = frozenset(
    """
    animal ant ape ass bear beast bee bird bull calf cat cock cow crab creature crow deer dog donkey dove dragon
    duck eagle elephant elk fish fly fox frog goat goose hare hen horse kid kitten lamb lion monkey monster mouse
    owl ox parrot pig pony rabbit rat raven rooster serpent sheep snake sparrow squirrel stag swan tiger toad turtle
    tortoise wolf worm
    """.split()
)
GROUPS = frozenset(
    "army audience band choir class club company couple court crew crowd duo ensemble family folk gang group household "
    "orchestra pair people quartet team tribe trio troupe village".split()
)
PLURALS = frozenset(
    "children men women people mice geese oxen folk wives knives wolves thieves elves dwarves others both gentlemen "
    "ladies".split()
)
EVENTS = dict(
    pair.split(":")
    for pair in """
    performance:perform concert:concert show:show wedding:wed feast:feast party:party ball:ball ceremony:ceremony
    celebration:celebrat contest:contest race:race dance:danc play:play song:s[aiu]ng dinner:dinner banquet:banquet
    """.split()
)
"""What is done for somebody, and how the words for it begin."""

NEVER_PEOPLE = frozenset(
    """
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday christmas easter college university school church street road city county state
    river lake sea ocean mountain mountains island islands war award awards prize records radio television news
    times festival league association union company party department hall theatre theater museum hospital guard
    football baseball basketball rugby club airport station north south east west
    """.split()
)
"""Words of names that aren't people's."""

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
    "when while after before because if until till since that as once though although where who which whom and but or "
    "so than whether unless why how what".split()
)
PREPOSITIONS = frozenset(
    "about above across after against along among around at before behind below beneath beside between beyond by down "
    "during for from in inside into like near of off on onto out outside over past round through to toward towards "
    "under until up upon with within without".split()
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
    old young little small main different various important popular several early late modern common big great good
    bad poor rich tall short long new beautiful ugly pretty handsome fair wise foolish stupid clever brave wicked
    evil kind cruel dead blind lame sick ill strong weak happy sad angry hungry thirsty tired lonely strange wild
    tame golden silver copper iron wooden black white red blue green yellow brown grey gray dark bright first second
    third fourth fifth last next other same own whole only eldest oldest youngest elder younger middle royal holy
    magic magical enchanted dear fine sweet cold hot warm wet dry deep high low wide rare precious famous noble
    humble proud lazy tiny huge large vast enormous chinese japanese english french irish german american
    """.split()
)
VERBS = frozenset(
    """
    given taken seen known shown called named meant accept act advise affect agree allow answer appear appoint
    arrive ask attack attend bear become beg begin believe belong bet bite bless break breathe bring build burn
    burst bury buy call carry catch cause celebrate change choose climb collaborate come command compare compete
    complain consider contain continue convince cost cross cry cut dance dare decide declare describe desire destroy
    develop die differ discover disguise draw dream dress drink drive drop earn eat encounter enter escape expect
    extend fail fall fasten fear feel fight fill find finish flee fly follow foretell forget form free gather get
    give go grieve grow guess hang happen hate hear help hide hit hold hope hurry hurt influence insist inspire
    instruct introduce involve join jump keep kick kill know laugh lead learn leave let lie like live look lose love
    make marry mean meet mind move need notice obey occur offer open order own pass pay perform pick pity plan play
    plead pray prepare pretend proclaim produce promise propose publish pull put reach read realize receive
    recognize record refuse reign release remain remember reply request resolve respond rest retire return ride rise
    rub run save say see seek seem sell send serve set shake shout show sign sing sit slay sleep slip smile speak
    spend stand start stay steal stop stretch study suggest support suspect swear swim take talk taste teach tell
    thank think threaten throw tie tighten touch trap travel treat trick try turn understand use visit vow wait wake
    walk wander want warn watch wear win wish wonder work write
    """.split()
)
IRREGULAR = dict(
    pair.split(":")
    for pair in """
    ate:eat became:become began:begin bit:bite bought:buy broke:break brought:bring built:build came:come
    caught:catch chose:choose cut:cut did:do drank:drink drew:draw drove:drive fell:fall felt:feel fled:flee
    flew:fly forgot:forget fought:fight found:find gave:give got:get grew:grow had:have heard:hear held:hold
    hid:hide kept:keep knew:know laid:lay lay:lie led:lead left:leave let:let lit:light lost:lose made:make
    meant:mean met:meet paid:pay put:put ran:run read:read rode:ride rose:rise said:say sang:sing sat:sit saw:see
    sent:send set:set shone:shine shook:shake shot:shoot slept:sleep sold:sell spoke:speak spent:spend stole:steal
    stood:stand swam:swim swore:swear taught:teach thought:think threw:throw told:tell took:take tore:tear
    understood:understand went:go wept:weep woke:wake won:win wore:wear wrote:write
    """.split()
)
"""Past forms and their verbs."""

ORDINALS = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "last": -1,
}  # fmt: skip
