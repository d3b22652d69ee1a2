"""The settings that are kept in the data folder."""

import stat
from pathlib import Path

import pytest

from storybot.errors import FolderNotWritable, SavedSettingsUnreadable, SettingError
from storybot.settings import read_settings
from storybot.settings.saving import SAVED_FILE, save


def test_what_is_saved_goes_before_the_default_and_after_the_environment_and_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, {"caution": "bold", "model": "other", "llm_model": "small"})
    monkeypatch.setenv("STORYBOT_DATA", str(tmp_path))
    monkeypatch.setenv("STORYBOT_LLM_MODEL", "large")
    settings = read_settings(model="mine")
    assert (settings.caution, settings.model, settings.llm_model, settings.unsupported) == (
        "bold",
        "mine",
        "large",
        "withhold",
    )
    origins = [settings.origin(name) for name in ("caution", "model", "llm_model", "unsupported")]
    assert origins == ["saved", "flag", "environment", "default"]
    assert settings.turned == {
        "STORYBOT_CAUTION": "bold",
        "STORYBOT_MODEL": "mine",
        "STORYBOT_LLM_MODEL": "large",
        "STORYBOT_BACKEND": settings.backend,
    }


def test_other_saved_settings_leave_what_is_fixed_as_it_is(tmp_path: Path) -> None:
    save(tmp_path, {"caution": "bold"})
    settings = read_settings(data=tmp_path, model="mine").with_saved({"model": "other", "unsupported": "mark"})
    assert (settings.model, settings.unsupported, settings.caution) == ("mine", "mark", "balanced")
    assert settings.data == tmp_path


def test_what_is_saved_is_for_its_owner_alone_and_comes_back_letter_for_letter(tmp_path: Path) -> None:
    odd = 'sk-"\\\n\x7f日本'
    save(tmp_path, {"llm_key": "old"})
    save(tmp_path, {"llm_key": odd})
    assert read_settings(data=tmp_path).llm_key.get_secret_value() == odd
    assert stat.S_IMODE((tmp_path / SAVED_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [SAVED_FILE]


@pytest.mark.parametrize(
    ("text", "name"), [('caution = "brave"', "caution"), ("llm_model = 7", "llm_model"), ("port = 80", "port")]
)
def test_a_wrong_or_foreign_value_is_told_with_its_file(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / SAVED_FILE).write_text(text)
    with pytest.raises(SettingError, match=rf"The setting {name} in '.*settings\.toml' is wrong: .*Mend its line"):
        read_settings(data=tmp_path)


def test_a_wrong_value_that_is_not_asked_for_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / SAVED_FILE).write_text('caution = "brave"')
    assert read_settings(data=tmp_path, caution="bold").caution == "bold"


@pytest.mark.parametrize("content", [b"caution = ", b"\xff\xfe"])
def test_a_file_that_is_none_of_settings_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SAVED_FILE).write_bytes(content)
    with pytest.raises(SavedSettingsUnreadable, match=r"settings\.toml' can't be read: .* delete it"):
        read_settings(data=tmp_path)


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / SAVED_FILE).mkdir()
    with pytest.raises(FolderNotWritable):
        save(tmp_path, {"caution": "bold"})
    assert [path.name for path in tmp_path.iterdir()] == [SAVED_FILE]
    with pytest.raises(SavedSettingsUnreadable):
        read_settings(data=tmp_path)
