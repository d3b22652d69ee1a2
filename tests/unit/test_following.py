"""What a follow-up means after the turns before it."""

# ruff: noqa: RUF001 - the letters of other scripts are the point

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storybot.following import REACH, Exchange, understand
from storybot.words import STOP_WORDS

STAGE = (
    'Bakhyt Camara stood tall, her eyes fixed on the crowd. As the leader of the folk music group, "The Steppe '
    'Serenaders," she was no stranger to attention. Tonight, they were about to perform for the president himself. As '
    "Bakhyt Camara took the stage, a hush fell over the crowd. She adjusted her clothing, a vibrant blue and white "
    "dress."
)
THANKS = "Bakhyt Camara was met with praise from the president himself, who thanked her for sharing it with him."

LEADS = Exchange(question="Who leads The Steppe Serenaders?", answer="Bakhyt Camara", texts=(STAGE,))
WORE = Exchange(question="What did Bakhyt Camara wear?", answer="a vibrant blue and white dress", texts=(STAGE,))
GREW = Exchange(
    question="Where did Bakhyt Camara grow up?", answer="the vast steppes of Kazakhstan", texts=(STAGE, THANKS)
)
PLAYED = Exchange(question="What did Bakhyt Camara's grandmother play?", answer="the balalaika", texts=(STAGE,))
FELT = Exchange(question="How did the crowd feel?", answer="mesmerized", texts=(STAGE,))
THANKED = Exchange(question="Who thanked Bakhyt Camara?", answer="the president", texts=(THANKS,))
DECLINED = Exchange(question="How many children does Bakhyt Camara have?", texts=(STAGE,))
GAVE = Exchange(question="What did the king give the boy?", answer="a cat, a dog and a silver hen")
TOOK = Exchange(question="What did the queen do?", answer="hid the ring")
HUSHED = Exchange(
    question="What happened when Bakhyt Camara took the stage?", answer="a hush fell over the crowd", texts=(STAGE,)
)
SHONE = Exchange(question="What shone?", answer="Bakhyt Camara's passion", texts=(f"{THANKS} Her passion shone.",))
LANTERN = Exchange(
    question="What hung there?",
    answer="a lantern",
    texts=("The Lantern of Bay\n\nTobias Reed wept. He sang. He left.",),
)
MEN = Exchange(question="What did the fishermen see?", answer="a light")
COLOURED = Exchange(question="What color was Bakhyt Camara's dress?", answer="blue and white")
PULLED = Exchange(question="Who pulled Cyril?", answer="Bruno")
WED = Exchange(question="Where did the king live?", answer="in a castle")
SIBLINGS = Exchange(question="What did Hansel and Gretel find?", answer="a house of bread")
TIN = Exchange(
    question="Why did Farquhar run home?", answer="the storm came", texts=("Farquhar ran home, for he was afraid.",)
)


def meant(question: str, *history: Exchange) -> str:
    return understand(question, history).question


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ([LEADS], "What did she wear?", "What did Bakhyt Camara wear?"),
        ([LEADS], "What color was her dress?", "What color was Bakhyt Camara's dress?"),
        ([LEADS], "Who did they perform for?", "Who did The Steppe Serenaders perform for?"),
        ([LEADS], "What was their music?", "What was The Steppe Serenaders' music?"),
        ([THANKED], "What did he thank her for?", "What did the president thank Bakhyt Camara for?"),
        ([THANKED], "What is his name?", "What is the president's name?"),
        ([LEADS, WORE], "What color was it?", "What color was the dress?"),
        ([LEADS, WORE], "And who was it for?", "Who was the performance for?"),
        ([LEADS, WORE, FELT], "What did they do?", "What did the crowd do?"),
        ([LEADS, WORE, FELT], "What did she do?", "What did Bakhyt Camara do?"),
        ([LEADS, DECLINED], "Where did she grow up?", "Where did Bakhyt Camara grow up?"),
        ([DECLINED], "Where did she grow up?", "Where did Bakhyt Camara grow up?"),
        ([DECLINED], "What did they play?", "What did The Steppe Serenaders play?"),
        ([SIBLINGS], "Where did they go?", "Where did Hansel and Gretel go?"),
        ([GAVE], "How did he know the queen?", "How did the king know the queen?"),
        ([TIN], "When he saw the hen, how did the man feel?", "When he saw the hen, how did the man feel?"),
        ([WED], "Who did he meet with her?", "Who did the king meet with her?"),
        ([TOOK], "Who told him of it?", "Who told him of the ring?"),
        ([TIN], "Why did the rat want to stop him?", "Why did the rat want to stop Farquhar?"),
        ([TIN], "How did the rat\u2019s friend like him?", "How did the rat\u2019s friend like him?"),
        ([SHONE], "What did she wear?", "What did Bakhyt Camara wear?"),
        ([LANTERN], "Why did he weep?", "Why did Tobias Reed weep?"),
        ([LANTERN, MEN], "What did they give her?", "What did the fishermen give her?"),
        ([TIN], "What did he carry with him?", "What did Farquhar carry with him?"),
    ],
)
def test_a_pronoun_stands_for_the_one_that_was_spoken_of(history: list[Exchange], question: str, expected: str) -> None:
    assert meant(question, *history) == expected


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ([LEADS], "Why?", "Why does Bakhyt Camara lead The Steppe Serenaders?"),
        ([LEADS, WORE], "Where?", "Where did Bakhyt Camara wear a vibrant blue and white dress?"),
        ([LEADS, WORE], "When was that?", "When did Bakhyt Camara wear a vibrant blue and white dress?"),
        ([LEADS, WORE], "How come?", "Why did Bakhyt Camara wear a vibrant blue and white dress?"),
        ([LEADS, WORE], "What else?", "What else did Bakhyt Camara wear?"),
        ([LEADS, WORE], "Who else?", "Who else?"),
        ([LEADS, WORE], "Why did she do that?", "Why did Bakhyt Camara wear a vibrant blue and white dress?"),
        ([LEADS, WORE], "What about her grandmother?", "What did Bakhyt Camara's grandmother wear?"),
        ([LEADS, WORE], "And the president?", "What did the president wear?"),
        ([LEADS], "And her grandmother?", "What about Bakhyt Camara's grandmother?"),
        ([DECLINED], "And her husband?", "How many children does Bakhyt Camara's husband have?"),
        ([LEADS, WORE], "And Bakhyt Camara?", "And Bakhyt Camara?"),
        ([LEADS, WORE], "And then?", "What happened after Bakhyt Camara wore a vibrant blue and white dress?"),
        ([LEADS, GREW], "Why?", "Why did Bakhyt Camara grow up?"),
        ([LEADS, GREW], "Who lives there?", "Who lives in the vast steppes of Kazakhstan?"),
        ([LEADS, PLAYED], "Why?", "Why did Bakhyt Camara's grandmother play the balalaika?"),
        ([LEADS, PLAYED], "Was it loud?", "Was the balalaika loud?"),
        ([FELT], "Why?", "Why did the crowd feel mesmerized?"),
        ([THANKED], "Why?", "Why did the president thank Bakhyt Camara?"),
        ([THANKED], "And then?", "What happened after the president thanked Bakhyt Camara?"),
        ([DECLINED], "Why?", "Why does Bakhyt Camara have children?"),
        ([TOOK], "Why?", "Why did the queen hide the ring?"),
        ([Exchange(question="How many hens did Anna have?", answer="three")], "Why?", "Why did Anna have three hens?"),
        ([TOOK], "What next?", "What happened after the queen hid the ring?"),
        ([HUSHED], "Why?", "Why did a hush fall over the crowd?"),
        ([LEADS, COLOURED], "And then?", "And then?"),
        ([PULLED], "With what?", "With what did Bruno pull Cyril?"),
        ([HUSHED], "And then?", "What happened after Bakhyt Camara took the stage?"),
        ([Exchange(question="Was the king angry?", answer="angry")], "Why?", "Why was the king angry?"),
        ([Exchange(question="Who was hiding?", answer="the fox")], "Where?", "Where was the fox hiding?"),
        ([Exchange(question="Who ran away?", answer="He ran. Then he fell.")], "Why?", "Why?"),
        ([Exchange(question="Who hid the ring?", answer="ran away")], "Why?", "Why?"),
        ([Exchange(question="What happened at night?", answer="the ring of the king")], "Why?", "Why?"),
        ([Exchange(question="What did the king do?", answer="in the hall")], "Why?", "Why?"),
        (
            [Exchange(question="What did the king do?", answer="cried and begged")],
            "Why?",
            "Why did the king cry and beg?",
        ),
        (
            [Exchange(question="Where did the king hide?", answer="under the bed")],
            "Why?",
            "Why did the king hide under the bed?",
        ),
        ([Exchange(question="Hello there")], "Why?", "Why?"),
    ],
)
def test_what_was_left_out_comes_from_the_turn_before(history: list[Exchange], question: str, expected: str) -> None:
    assert meant(question, *history) == expected


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ([GAVE], "And the second one?", "What about the dog?"),
        ([GAVE], "What about the last?", "What about the silver hen?"),
        ([GAVE], "What did the second one do?", "What did the dog do?"),
        ([GAVE], "And the fifth one?", "And the fifth one?"),
        ([GAVE], "What was the first thing?", "What was the first thing?"),
        (
            [Exchange(question="What was the first wish?", answer="gold")],
            "And the second one?",
            "What was the second wish?",
        ),
    ],
)
def test_an_ordinal_picks_from_a_list(history: list[Exchange], question: str, expected: str) -> None:
    assert meant(question, *history) == expected


def test_a_definite_phrase_calls_a_name_by_what_it_is() -> None:
    sang = Exchange(question=WORE.question, answer=WORE.answer, texts=(STAGE, "Bakhyt Camara sang. Her voice rose."))
    assert meant("What did the band sing?", LEADS) == "What did The Steppe Serenaders sing?"
    assert meant("Who is the band's leader?", LEADS) == "Who is The Steppe Serenaders' leader?"
    assert meant("Where did the singer grow up?", LEADS, sang) == "Where did Bakhyt Camara grow up?"


@pytest.mark.parametrize(
    "question",
    [
        "What did the king do when he saw his daughter?",
        "Why did the troll chase the three goats?",
        "When he saw the fox, what did the king do?",
        "Was it raining?",
        "What did the farmer carry with him?",
        "What did the farmer see behind him?",
        "What did the farmer tell the wolf to give him?",
        "What did the farmer say when the wolf bit him?",
        "How long did it take to build the castle?",
        "Why was it hard to find the ring?",
        "Why did the king think it was needless to lock the door?",
        "What did the farmer find when it struck twelve?",
        "Was there a dragon in the forest?",
        "Who is the wolf's mother?",
        "What did the crowd do?",
        "What did the singer wear?",
    ],
)
def test_what_stands_alone_is_left_alone(question: str) -> None:
    assert understand(question, [LEADS, WORE]).readings == (question,)


@pytest.mark.parametrize("question", ["What did she wear?", "Why?", "And the second one?", "What about her?"])
def test_nothing_before_changes_nothing(question: str) -> None:
    assert understand(question, []).readings == (question,)


def test_a_pronoun_that_nobody_fits_is_left() -> None:
    assert meant("What did he do?", LEADS) == "What did he do?"


def test_turns_beyond_the_reach_are_forgotten() -> None:
    far = [GAVE, *[Exchange(question="What is throat cancer?")] * REACH]
    assert meant("What did he do?", *far) == "What did he do?"


def test_a_name_stays_meant_in_a_chain() -> None:
    history = [LEADS]
    for question in ("What did she wear?", "Where did she grow up?", "How did she feel?"):
        history.append(Exchange(question=meant(question, *history), texts=(STAGE,)))
    assert history[-1].question == "How did Bakhyt Camara feel?"


def test_the_search_takes_the_raw_question_and_the_last_answer_along() -> None:
    understood = understand("What did she wear?", [LEADS])
    meant_too = "What did Bakhyt Camara wear?"
    assert understood.readings == (meant_too, "What did she wear?", f"{meant_too} Bakhyt Camara")
    assert understand("Why?", [DECLINED]).readings == ("Why does Bakhyt Camara have children?",)


_WORDS = st.sampled_from(
    "king castle dragon ring forest boy Anna golden table river gave sat found for with and".split()
)
_TEXTS = st.text(st.sampled_from("aeklsn ATS'.,?!-\u2019\n9"), max_size=60) | st.lists(_WORDS).map(" ".join)
_ASKED = st.sampled_from(
    ["Why?", "And then?", "What did she do?", "And the second one?", "What about her?", "Who was it for?", "the other"]
)
_EXCHANGES = st.builds(
    Exchange,
    question=_TEXTS | st.lists(_WORDS, min_size=1).map(lambda words: f"What did {' '.join(words)}?"),
    answer=st.none() | _TEXTS,
    texts=st.lists(_TEXTS, max_size=2).map(tuple),
)


@given(
    st.lists(_WORDS.filter(lambda word: word not in STOP_WORDS), min_size=5, max_size=9),
    st.lists(_EXCHANGES, max_size=4),
)
def test_a_question_with_five_words_and_no_anaphor_is_never_changed(words: list[str], history: list[Exchange]) -> None:
    question = f"What did {' '.join(words)}?"
    assert meant(question, *history) == question


@given(_TEXTS | _ASKED, st.lists(_EXCHANGES, max_size=4))
def test_a_question_never_becomes_empty_nor_endless(question: str, history: list[Exchange]) -> None:
    understood = understand(question, history)
    longest = max((len(each.question) + len(each.answer or "") for each in history), default=0)
    assert understood.readings[0] == understood.question
    assert bool(understood.question) == bool(question)
    assert len(understood.question) <= 4 * len(question) + 5 * longest + 40


@pytest.mark.parametrize("question", ["Почему?", "为什么?", "А что он делал?", "لماذا?", "なぜ it ですか?"])
def test_a_question_in_another_script_is_left_alone(question: str) -> None:
    assert meant(question, PULLED) == question
