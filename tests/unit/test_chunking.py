# ruff: noqa: RUF001 - the letters of other scripts are the point

from itertools import pairwise

import pytest
import sentencex
from hypothesis import given
from hypothesis import strategies as st

from storybot.chunking import PASSAGE_TOKENS, chunk, sentences
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.model import Document, Passage, Source
from storybot.parsing import parse
from storybot.scripts import is_mark

MAX_TOKENS = 20


def count_words(texts: list[str] | tuple[str, ...]) -> list[int]:
    return [max(1, len(text.split()), len(text) // 30) if text.strip() else 0 for text in texts]


def passages_of(text: str, name: str = "a.txt") -> tuple[Document, list[Passage]]:
    document = parse(Source(name=name, data=text.encode()), max_bytes=10_000_000)
    return document, chunk(document, count_words, MAX_TOKENS)  # type: ignore[arg-type]


def words_of(text: str) -> list[str]:
    return [span.cut(text) for span in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Mr. Smith met Mrs. Jones at St. Ives.", "They talked."],
        ["He left at 5 p.m. sharp.", "Nobody saw him."],
        ["The price was 3.50 marks.", "He paid."],
        ["Dr. A. B. Jones sat down.", "He ate."],
        ["First one!", "Second one?", "Third one."],
    ],
)
def test_sentences_end_where_they_end(expected: list[str]) -> None:
    assert words_of(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["狐狸看见了葡萄。", "它跳得高吗？", "太高了！"],
        ["狐は葡萄を見た。", "高すぎた！"],
        ["رأى الثعلب العنب.", "هل هو حامض؟", "ذهب الثعلب."],
        ["لومڑی آئی۔", "وہ گئی۔"],
        ["लोमड़ी ने अंगूर देखे।", "वह चली गई॥"],
        ["Лиса ушла!", "«Кислый», — сказала она."],
        ["កញ្ជ្រោងឃើញទំពាំងបាយជូរ។", "វាខ្ពស់ណាស់។"],
    ],
)
def test_sentences_of_other_scripts_end_at_marks_of_their_own(expected: list[str]) -> None:
    assert words_of(("" if expected[0].endswith("。") else " ").join(expected)) == expected


def test_thai_sentences_end_at_spaces_once_they_are_long_enough() -> None:
    clause = "สุนัขจิ้งจอกเห็นองุ่นบนต้นไม้สูงมาก"
    assert words_of(" ".join([clause] * 4)) == [f"{clause} {clause}"] * 2


@given(st.text(alphabet=st.sampled_from("狐ก\u0e34क\u093f가ガ。！？؟।៕ .\n\u200d"), max_size=300))
def test_passages_of_any_script_are_covered_by_their_sentences(text: str) -> None:
    document, passages = passages_of(f"狐 {text}")
    covered = "".join(span.cut(document.text) for passage in passages for span in passage.sentences)
    assert "".join(covered.split()) == "".join(document.text.split())
    assert all(passage.text == passage.span.cut(document.text) for passage in passages)


@pytest.mark.parametrize("letters", ["狐狸看见葡萄", "नि", "กี่", "가"])
def test_a_text_without_any_mark_is_cut_between_letters(letters: str, embedder: SentenceTransformerEmbedder) -> None:
    document = parse(Source(name="a.txt", data=(letters * 3000).encode()), max_bytes=1_000_000)
    passages = chunk(document, embedder.count_tokens, embedder.max_tokens)
    assert len(passages) > 1
    assert max(embedder.count_tokens([passage.text for passage in passages])) <= PASSAGE_TOKENS
    assert not any(is_mark(passage.text[0]) for passage in passages)


def test_paragraphs_end_sentences() -> None:
    assert words_of("A title without a stop\n\nThe story begins.") == ["A title without a stop", "The story begins."]


@given(st.text(alphabet=st.sampled_from("aB .!?\n\"'“”…éש🦊\u0301,;:-"), max_size=300))
def test_sentences_leave_out_nothing_but_white_space(text: str) -> None:
    spans = sentences(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    covered = "".join(span.cut(text) for span in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(span.cut(text) == span.cut(text).strip() != "" for span in spans)


@given(st.lists(st.sampled_from(["A fox ran.", "# Head", "CHAPTER I", "He said: 'No!'", "word " * 50, "", "x" * 400])))
def test_passages_cover_the_text_and_cross_no_heading(lines: list[str]) -> None:
    text = "\n\n".join(["Begin.", *lines])
    document, passages = passages_of(text, "a.md")
    covered = {place for passage in passages for place in range(passage.span.start, passage.span.end)}
    assert all(char.isspace() for place, char in enumerate(document.text) if place not in covered)
    for passage in passages:
        assert passage.text == passage.span.cut(document.text)
        assert passage.sentences[0].start == passage.span.start
        assert passage.sentences[-1].end == passage.span.end
        assert any(passage.span.within(s.span) and s.heading == passage.heading for s in document.sections)
        assert sum(count_words([passage.quote(s) for s in passage.sentences])) <= MAX_TOKENS


def test_a_line_of_half_a_megabyte_is_cut_into_passages(embedder: SentenceTransformerEmbedder) -> None:
    text = "and the fox went on through the wood " * 14_000
    document = parse(Source(name="a.txt", data=text.encode()), max_bytes=10_000_000)
    passages = chunk(document, embedder.count_tokens, embedder.max_tokens)
    assert len(passages) > 250
    assert max(embedder.count_tokens([passage.text for passage in passages])) <= PASSAGE_TOKENS


def test_a_run_of_letters_without_spaces_is_cut_too(embedder: SentenceTransformerEmbedder) -> None:
    document = parse(Source(name="a.txt", data=b"A fox. " + b"x" * 50_000), max_bytes=10_000_000)
    passages = chunk(document, embedder.count_tokens, embedder.max_tokens)
    assert max(len(passage.text) for passage in passages) <= 10 * (PASSAGE_TOKENS + 1)
    assert sum(len(passage.text) for passage in passages) >= 50_000


def test_a_quote_outside_of_its_passage_is_refused() -> None:
    _, (first, *_) = passages_of("A fox ran. " * 30)
    with pytest.raises(ValueError, match="outside"):
        first.quote(first.span.shifted(1))


def test_a_paragraph_without_end_is_split_block_by_block_into_the_same_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = ["The pig of Mr. Fox ran home.", "\u201cWho is there?\u201d asked the hen.", "Nobody said a word!"]
    splitter, blocks = sentencex.get_sentence_boundaries, list[int]()

    def watched(language: str, text: str) -> object:
        blocks.append(len(text))
        return splitter(language, text)

    monkeypatch.setattr("sentencex.get_sentence_boundaries", watched)
    text = " ".join(told * 3_000)
    assert [span.cut(text) for span in sentences(text)] == told * 3_000
    assert len(sentences("ha" * 150_000)) == len("abc")
    assert max(blocks) <= 100_000


def test_a_cut_is_given_up_while_sentences_are_still_being_found(monkeypatch: pytest.MonkeyPatch) -> None:
    splitter, blocks = sentencex.get_sentence_boundaries, list[int]()

    def watched(language: str, text: str) -> object:
        blocks.append(len(text))
        return splitter(language, text)

    def give_up(_texts: list[str]) -> list[int]:
        raise KeyboardInterrupt

    monkeypatch.setattr("sentencex.get_sentence_boundaries", watched)
    document = parse(Source(name="a.txt", data=b"The pig ran. " * 50_000), max_bytes=10_000_000)
    with pytest.raises(KeyboardInterrupt):
        chunk(document, give_up, MAX_TOKENS)  # type: ignore[arg-type]
    assert sum(blocks) < len(document.text) / 2
