from collections.abc import Sequence

import numpy as np
import pytest

from storybot.assembly import shipped_sources
from storybot.chunking import chunk
from storybot.finders.names import entities_in
from storybot.finders.reading import words_in
from storybot.model import Document, Entity, Overview, Section, Source, Span, Vectors
from storybot.overviewing import Answered, describe, timeline
from storybot.overviewing.asking import candidates
from storybot.overviewing.summarising import central, stands_alone
from storybot.parsing import parse
from storybot.ports import Embedder, Pulse

FABLES = """# The fox

The fox lived under the old bridge by the river. The fox stole the big cheese from the miller one evening. The crow saw
how the fox ate the cheese under the bridge. "The fox is a thief," said the crow to the miller in the mill.

# The owl

The owl slept by day in the tower because it was too bright. The owl hunted mice by the mill in every night of the
summer. The miller thanked the owl for the mice with a little bread.
"""


@pytest.fixture(scope="module")
def tell(embedder: Embedder) -> "Tell":
    return Tell(embedder)


def named(text: str, pulse: Pulse) -> list[Entity]:
    """Who the rules find by themselves."""
    return entities_in(text, list(words_in(text, pulse)), [], pulse)


class Tell:
    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._embedder.dim), dtype=np.float32)
        for places, batch in self._embedder.embed_passages(texts):
            vectors[list(places)] = batch
        return vectors

    def __call__(self, document: Document, answered: Answered = lambda _: None) -> Overview:
        passages = chunk(document, self._embedder.count_tokens, 40)
        vectors = self.embed([passage.text for passage in passages])
        return describe(
            document,
            passages,
            vectors,
            find=named,
            embed=self.embed,
            answered=answered,
            pulse=lambda: None,
        )


def read(text: str, name: str = "fables.md") -> Document:
    return parse(Source(name=name, data=text.encode()), max_bytes=10**6)


def test_the_summary_is_made_of_whole_sentences_of_the_text(tell: Tell) -> None:
    document = read(shipped_sources()[0].data.decode(), "story.txt")
    overview = tell(document)
    told = [span.cut(document.text) for span in overview.summary]
    assert 1 < len(told) <= 5
    assert all(stands_alone(document.text, span) for span in overview.summary)
    assert any("Bakhyt Camara" in sentence for sentence in told)
    assert list(overview.summary) == sorted(set(overview.summary))
    assert overview.chapters == ()
    assert overview.document_id == document.id


def test_each_chapter_is_told_by_its_own_sentences(tell: Tell) -> None:
    document = read(FABLES)
    overview = tell(document)
    assert [chapter.heading for chapter in overview.chapters] == ["The fox", "The owl"]
    for chapter in overview.chapters:
        assert chapter.sentences
        assert all(span.within(chapter.span) for span in chapter.sentences)


def test_what_somebody_says_is_no_summary() -> None:
    text = (
        '"I live here. The fox has a den under the bridge by the river," said the fox. It was a very old bridge then.'
    )
    assert not stands_alone(text, Span(14, text.index('," said') + 1))
    assert not stands_alone("The fox ran.", Span(0, 12))
    calm = "The fox ran over the old bridge to the mill."
    assert stands_alone(calm, Span(0, len(calm)))


def test_questions_are_kept_that_lead_back_to_their_sentence(tell: Tell) -> None:
    document = read(FABLES)
    asked: list[str] = []

    def answered(question: str) -> tuple[Span, float] | None:
        asked.append(question)
        sentence = "The fox lived under the old bridge by the river."
        at = document.text.index(sentence)
        return Span(at, at + len(sentence)), 0.9

    overview = tell(document, answered)
    assert [(prompt.question, prompt.confidence) for prompt in overview.prompts] == [("Where did the fox live?", 0.9)]
    assert "Who ate the cheese under the bridge?" in asked
    assert "What did the miller thank?" not in asked
    assert len(asked) == len(set(asked))


def test_questions_are_grammatical() -> None:
    text = (
        "Bruin, the bear of the wood, carried the heavy basket. Bruin fled into the forest. Bruin wept bitterly "
        "because the honey was gone. Bruin was found near the mill. Bruin said a word. The bear was a bear."
    )
    bruin = Entity(
        kind="person",
        name="Bruin",
        aliases=(),
        mentions=tuple(Span(at, at + 5) for at in range(len(text)) if text.startswith("Bruin", at)),
    )
    ends = [at + 1 for at, letter in enumerate(text) if letter == "."]
    sentences = [Span(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    assert [each.question for each in candidates(text, sentences, bruin)] == [
        "Who is Bruin?",
        "Where did Bruin flee?",
        "Why did Bruin weep bitterly?",
        "Where was Bruin found?",
    ]


def test_central_passages_are_unlike_each_other() -> None:
    fox, owl = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    rows = np.array([fox, fox, fox, owl, owl], dtype=np.float32)
    chosen = central(rows, 2)
    assert {chosen[0] < 3, chosen[1] < 3} == {True, False}
    assert central(rows[:0], 2) == []


def test_a_long_text_is_compared_with_its_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]], dtype=np.float32)
    monkeypatch.setattr("storybot.overviewing.summarising._MOST_COMPARED", 2)
    assert central(rows, 1) == [1]


def test_a_timeline_counts_every_mention_once() -> None:
    entity = Entity(kind="person", name="fox", aliases=(), mentions=(Span(0, 3), Span(5, 8), Span(9, 10)))
    assert timeline(entity, 10, 2) == (1, 2)
    assert sum(timeline(entity, 10, 7)) == 3
    assert timeline(entity, 0, 1) == (3,)


def test_an_empty_text_is_about_nothing(tell: Tell) -> None:
    document = Document(id="d", name="d.txt", title="d", text="…", sections=(Section(heading="", span=Span(0, 1)),))
    overview = tell(document)
    assert (overview.entities, overview.summary, overview.chapters, overview.prompts) == ((), (), (), ())
