from pathlib import Path

import pytest
from pydantic import SecretStr

from storybot.errors import SettingError
from storybot.settings import Settings, read_settings


def test_a_flag_goes_before_the_environment_and_that_before_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().port == 8000
    monkeypatch.setenv("STORYBOT_PORT", "9000")
    assert read_settings(port=None).port == 9000
    assert read_settings(port=9001).port == 9001


@pytest.mark.parametrize(
    ("name", "value"), [("port", 70_000), ("max_source_bytes", 0), ("model", ""), ("llm_context_tokens", 1023)]
)
def test_a_value_out_of_bounds_is_named(name: str, value: object) -> None:
    with pytest.raises(SettingError, match=f"STORYBOT_{name.upper()}"):
        read_settings(**{name: value})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8080",
        "ftp://a/v1",
        "http://",
        "http://[",
        "http://a:99999/v1",
        "http://a:x",
        "http://a:0/v1",
        "http://user:secret@a/v1",
        "http://a/v1?key=1",
        "http://a b/v1",
        "http://:8080/v1",
        "http://xn--\u202e.com",
    ],
)
def test_a_base_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings(llm_url=url)
    assert str(caught.value).startswith(
        "The setting STORYBOT_LLM_URL is wrong: it takes an address like http://127.0.0.1:8080/v1, "
    )


@pytest.mark.parametrize("url", ["http://127.0.0.1:11434/v1", "https://models.example/api/v1", "http://[::1]:8080/v1"])
def test_a_base_url_is_taken_as_it_is(url: str) -> None:
    assert read_settings(llm_url=url).llm_url == url


def test_the_key_is_not_shown_with_the_settings() -> None:
    assert "sk-secret" not in repr(read_settings(llm_key="sk-secret"))


def test_the_page_of_settings_lists_each_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `STORYBOT_")]
    assert len(rows) == len(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        row = next(row for row in rows if f"`STORYBOT_{name.upper()}`" in row)
        assert field.description
        assert field.description in row
        if field.default_factory is None:
            default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
            assert f"`{default}`" in row if default not in {"", None} else "| none |" in row
