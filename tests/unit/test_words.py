# ruff: noqa: RUF001 - the letters of other scripts are the point

import re
import unicodedata

import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from storybot.words import STOP_WORDS, query_terms, terms, tokens


def test_tokens_are_lower_case_without_accents_and_possessives() -> None:
    assert tokens("Bakhyt's CAFÉ, l\u2019eau 42nd_street") == ["bakhyt", "cafe", "l", "42nd", "street"]


def test_terms_are_stems_without_stop_words() -> None:
    assert terms("The singers were singing of their grandmothers") == ["singer", "sing", "grandmoth"]


def test_query_terms_are_told_once() -> None:
    assert query_terms("Who played what she plays?") == ["play"]


@given(st.text(alphabet=st.characters(max_codepoint=0x24F) | st.sampled_from("sedingly '\u2019\u201d\u2014 ")))
def test_words_in_latin_letters_are_letters_without_marks_and_english_stems(text: str) -> None:
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    found = re.findall(r"[^\W_]+(?:['\u2019][^\W_]+)?", letters)
    words = [re.split(r"['\u2019]", word)[0] for word in found]
    assert tokens(text) == words
    assert terms(text) == Stemmer.Stemmer("english").stemWords([word for word in words if word not in STOP_WORDS])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("狐狸说：葡萄酸。猫", ["狐狸", "狸说", "葡萄", "萄酸", "猫"]),
        ("狐はガギ", ["狐は", "はガ", "ガギ"]),
        ("여우가 왔다", ["여우", "우가", "왔다"]),
        ("นก บิน 12", ["นก", "บิน", "12"]),
        ("iPhone手机15", ["iphone", "手机", "15"]),
        ("रानी कि रन", ["रानी", "कि", "रन"]),
        ("الثَّعْلَبُ أكــل", ["الثعلب", "اكل"]),
        ("שָׁלוֹם", ["שלום"]),
        ("Ёлка йод за\u0301мок", ["елка", "йод", "замок"]),
        ("می\u200cرود", ["میرود"]),
    ],
)
def test_each_script_has_words_of_its_own(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Лисицы", "лисица"),
        ("الثعلب", "ثعلب"),
        ("αλεπούδες", "αλεπούδων"),
        ("लड़कियों", "लड़कियां"),
        ("աղվեսները", "աղվեսներ"),
        ("ひらがなガ", "ひらがなｶﾞ"),
    ],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_hebrew_has_no_stemmer_and_keeps_its_words() -> None:
    assert terms("היה מלך") == ["היה", "מלך"]
