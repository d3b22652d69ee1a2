"""Closed classes of English words by which names are told from other words."""

from storybot.following import lexicon

SOFT_TITLES = frozenset("mr mrs miss ms messrs mister missus mme mlle monsieur madame".split())
"""Titles that go before any name and add nothing to a full one."""

MALE_TITLES = frozenset(
    "mr mister messrs monsieur sir lord uncle king prince duke earl count baron brother father squire".split()
)
FEMALE_TITLES = frozenset(
    "mrs miss ms missus mme mlle madame lady aunt queen princess duchess countess baroness sister mother".split()
)
RANKS = frozenset(
    """
    dr doctor captain capt colonel col major general gen lieutenant lieut sergeant corporal admiral professor prof
    inspector reverend rev master judge justice saint st cousin widow deacon bishop dame grandfather grandmother
    president
    """.split()
)
TITLES = SOFT_TITLES | MALE_TITLES | FEMALE_TITLES | RANKS
CROWNS = frozenset("king queen prince princess duke duchess count countess baron baroness earl".split())
"""Titles that name somebody also alone: the Queen."""

SPELT = {
    "mr": "mister", "dr": "doctor", "capt": "captain", "col": "colonel", "gen": "general", "lieut": "lieutenant",
    "prof": "professor", "rev": "reverend", "st": "saint",
}  # fmt: skip
"""Titles and their full forms."""

ABBREVIATED = frozenset("mr mrs ms dr capt col gen lieut prof rev st messrs".split())

SAYING = frozenset(
    """
    said says cried asked replied answered exclaimed shouted whispered muttered murmured remarked observed added
    continued called began repeated returned sighed laughed thought interrupted sobbed growled screamed demanded
    inquired
    """.split()
)
DOING = frozenset(
    """
    looked smiled nodded turned went came sat stood ran walked took knew felt heard saw told gave spoke wanted seemed
    tried wished loved hated married died waited stopped rose wept kissed did could would must has
    """.split()
)
"""What rather people do than places."""

WHERE = frozenset(
    "in at from near into towards toward through throughout across reached outside beyond around on over".split()
)
"""Words after which rather a place is named."""

SITES = frozenset(
    """
    abbey avenue bay beach bridge castle cave church city college corner cottage county court cove creek farm forest
    garden gardens grange hall harbour heights hill hills hotel house hut inn island islands isle junction lake land
    lane lodge manor marsh mill mire moor mountain mountains ocean palace park place point road river school sea
    square station street strait terrace tor tower town university valley village wood woods
    """.split()
)
"""Last words of names of places."""

BRITAIN = frozenset("england scotland wales britain".split())
"""Countries that aren't states."""

PEOPLES = frozenset(
    """
    african american arab asian austrian belgian british celtic chinese christian danish dutch egyptian english
    englishman englishmen englishwoman european french frenchman german greek hebrew indian indians irish irishman
    italian japanese jew jewish jews latin mohammedan norwegian persian polish portuguese prussian roman romans
    russian saxon scotch scottish spaniard spaniards spanish swedish swiss turk turkish welsh americans germans
    kazakh kazakhstani catholic protestant methodist
    """.split()
)
CALENDAR = frozenset(
    """
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday christmas easter michaelmas midsummer lent whitsuntide
    """.split()
)
NEVER = (
    CALENDAR - {"march", "may", "june", "april"}
    | PEOPLES
    | frozenset(
        """
        chapter book part volume contents preface appendix illustration footnote note project gutenberg ebook copyright
        god heaven heavens hell providence lord almighty bible scripture scriptures majesty highness excellency lordship
        ladyship worship honour honor state grace o oh ah eh hey ha aye ay nay no yes well hush alas hullo hallo hello
        goodbye bye
        ma'am madam sir sirs gentlemen ladies mamma papa mama mother father aunt uncle sister brother
        esq esquire junior jr sr ii iii iv vi vii viii ix xi xii am pm
        tis twas twould em ye thou thee thy i'm i'll i've i'd it's that's there's what's don't
        """.split()
    )
)
"""Words that are never a name by themselves."""

NEVER_ALONE = frozenset("south north east west southern northern eastern western cape june april union".split())
"""Words that are parts of names only."""

NOT_NAMES = NEVER | lexicon.FUNCTION_WORDS - {"may"}

ROLES = (lexicon.ANIMALS | lexicon.MEN | lexicon.WOMEN | lexicon.PERSONS) - frozenset(
    "boy boys child man men woman lady page judge mr mrs ms sir god fly".split()
)
"""Who may be a character without a name: the fox."""
