"""The settings that are kept in the data folder: a file of TOML that a person may read and mend."""

import errno
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomli_w
from pydantic_settings import BaseSettings, TomlConfigSettingsSource

from storybot.errors import DiskFull, FolderNotWritable, SavedSettingsUnreadable, SettingError

SAVED_FILE = "settings.toml"

SAVEABLE = ("model", "backend", "caution", "answerer", "llm_url", "llm_model", "llm_key", "unsupported")
"""What can be kept. The folder itself can't, nor what is about the machine rather than the answers."""


def saved(folder: Path, settings: type[BaseSettings]) -> dict[str, Any]:
    """What is kept in the data folder, by name, as it was written. Raises: SavedSettingsUnreadable, SettingError."""
    file = folder / SAVED_FILE
    try:
        values = TomlConfigSettingsSource(settings, toml_file=file)() if _exists(file) else {}
    except (OSError, ValueError) as error:  # broken TOML, and bytes that are no text, are ValueErrors
        raise SavedSettingsUnreadable(str(file), str(error)) from error
    for name in values:
        if name not in SAVEABLE:
            raise SettingError(name, "it is none that is kept there", file=str(file))
    return values


def _exists(file: Path) -> bool:
    """Whether it is there. Raises: OSError where that can't be known."""
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    if not stat.S_ISREG(found.st_mode):
        message = "it is no file"
        raise OSError(message)
    return True


def save(folder: Path, values: Mapping[str, Any]) -> None:
    """Keep these, and nothing else: wholly, or not at all. Only the file's owner may read it, as it may hold a key.

    Raises: DiskFull, FolderNotWritable.
    """
    try:
        # It is made readable for its owner alone.
        handle, fresh = tempfile.mkstemp(dir=folder, prefix=f"{SAVED_FILE}.")
        try:
            with os.fdopen(handle, "wb") as file:
                tomli_w.dump(values, file)
                file.flush()
                os.fsync(file.fileno())
            Path(fresh).replace(folder / SAVED_FILE)
        finally:
            with suppress(FileNotFoundError):  # it has taken its place
                Path(fresh).unlink()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(str(folder)) from error
        raise FolderNotWritable(str(folder), error.strerror or str(error)) from error
