from storybot.words import query_terms, terms, tokens


def test_tokens_are_lower_case_without_accents_and_possessives() -> None:
    assert tokens("Bakhyt's CAFÉ, l\u2019eau 42nd_street") == ["bakhyt", "cafe", "l", "42nd", "street"]


def test_terms_are_stems_without_stop_words() -> None:
    assert terms("The singers were singing of their grandmothers") == ["singer", "sing", "grandmoth"]


def test_query_terms_are_told_once() -> None:
    assert query_terms("Who played what she plays?") == ["play"]


def test_other_scripts_have_terms_too() -> None:
    assert terms("Жил старик; היה מלך") == ["жил", "старик", "היה", "מלך"]
