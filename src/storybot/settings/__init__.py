"""What a user may turn: one frozen class, read once by a shell and handed down."""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from storybot.errors import SettingError
from storybot.model import Caution, Unsupported
from storybot.settings.saving import SAVED_FILE, saved

Origin = Literal["flag", "environment", "saved", "default"]
"""Where a setting's value comes from; each goes before those after it."""

AnswererName = Literal["reading", "openai"]
BackendName = Literal["auto", "torch", "onnx", "openvino"]

PREFIX = "STORYBOT_"
SHIPPED_READER = "storybot"
NO_RERANKER = "none"

_ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?")
_OF_THIS_MACHINE = frozenset({"data", "corpus", "host", "port"})
_PYDANTICS = "Value error, "
"""What pydantic puts before a validator's words."""


class Settings(BaseSettings):
    """Flag over environment (`STORYBOT_` and the name in capitals) over what is saved over default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data: Path = Field(
        default_factory=lambda: user_data_path("storybot"),
        description="Folder of the database and of what belongs to it.",
    )
    corpus: Path | None = Field(
        default=None,
        description="Folder whose files are taken in by themselves while the server runs; unset: `corpus/` of a "
        "checkout, or `corpus` in the data folder of an installed storybot.",
    )
    model: str = Field(
        default="all-MiniLM-L6-v2",
        min_length=1,
        description="Embedding model: a sentence-transformers folder, or the name of a model in the local cache.",
    )
    backend: BackendName = Field(
        default="auto",
        description="What the embedding model runs on: `torch`, `onnx`, `openvino`, or `auto`, the fastest that is "
        "installed and that the processor suits.",
    )
    reader: str = Field(
        default=SHIPPED_READER,
        min_length=1,
        description="Reader: `storybot` for the one that ships, or an extractive question-answering model of "
        "transformers, by folder or by its name in the local cache.",
    )
    reranker: str = Field(
        default=NO_RERANKER,
        min_length=1,
        description="Cross-encoder that ranks the passages in place of the reader, by folder or by its name in the "
        "local cache, or `none`.",
    )
    caution: Caution = Field(
        default="balanced",
        description="How sure an answer must be to be given: `cautious`, `balanced` or `bold`.",
    )
    reading_budget_ms: int = Field(
        default=400, ge=1, description="The reader begins no further passages after so many milliseconds."
    )
    answerer: AnswererName = Field(
        default="reading",
        description="Who words the answers: `reading`, the story's own words, or `openai`, a language model behind an "
        "OpenAI-compatible server, whose every sentence is checked against the story.",
    )
    llm_url: str = Field(
        default="http://127.0.0.1:8080/v1",
        description="Base URL of the language model's server.",
    )
    llm_model: str = Field(default="", description="Name of the language model; empty for the server's first.")
    llm_key: SecretStr = Field(
        default=SecretStr(""), description="Key for the language model's server, if it wants one."
    )
    llm_timeout_s: float = Field(
        default=30, gt=0, description="Seconds to wait for the language model's next words before it is given up."
    )
    llm_context_tokens: int = Field(
        default=4_096,
        ge=1_024,
        description="Tokens that the language model reads and writes for one question, 1,024 at least.",
    )
    unsupported: Unsupported = Field(
        default="withhold",
        description="What becomes of a language model's sentence without support in the story: `withhold` or `mark`.",
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Address that the server listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port that the server listens on; 0 takes a free one.")
    max_source_bytes: int = Field(default=100_000_000, ge=1, description="Largest file that is taken, in bytes.")
    max_parse_seconds: int = Field(default=120, ge=1, description="Longest time that reading one file may take.")
    max_parse_megabytes: int = Field(
        default=2_000, ge=200, description="Most memory that reading one file may take, in megabytes."
    )
    max_question_characters: int = Field(default=2_000, ge=1, description="Longest question that is taken.")

    _origins: Mapping[str, Origin] = PrivateAttr(default={})

    @field_validator("llm_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        """Raises: ValueError, also for brackets that don't close and a port that can't be."""
        with suppress(ValueError):
            parts = urlsplit(url)
            if url.isascii() and _ADDRESS.fullmatch(url) and parts.hostname and parts.port != 0:
                return url
        message = "it takes an address like http://127.0.0.1:8080/v1, without a user's name or a query"
        raise ValueError(message)

    def origin(self, name: str) -> Origin:
        """Where the setting's value comes from."""
        return self._origins.get(name, "default")

    def fixed(self, name: str) -> bool:
        """Whether a flag or the environment gives it, so that what is saved doesn't count."""
        return self.origin(name) in {"flag", "environment"}

    @property
    def turned(self) -> dict[str, str]:
        """Those that aren't as they come, by variable; without secrets, and without places on this machine."""
        turned = {name: getattr(self, name) for name in self.model_fields_set - _OF_THIS_MACHINE}
        return {variable(name): str(value) for name, value in turned.items() if not isinstance(value, SecretStr)}

    def with_saved(self, values: Mapping[str, Any]) -> "Settings":
        """These settings as they are with other values saved. Raises: SettingError."""
        given: dict[str, Origin] = {name: origin for name, origin in self._origins.items() if origin != "saved"}
        fixed = {name: getattr(self, name) for name in given}
        return self.layered({**values, **fixed}, {**dict.fromkeys(values, _SAVED), **given})

    @classmethod
    def layered(cls, values: Mapping[str, Any], origins: Mapping[str, Origin], *, file: str = "") -> "Settings":
        """Settings of these values, which come from there. file: where the saved ones stand. Raises: SettingError."""
        try:
            made = cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name, reason = str(first["loc"][0]), first["msg"].removeprefix(_PYDANTICS)
            if file and origins.get(name) == _SAVED:
                raise SettingError(name, reason, file=file) from error
            raise SettingError(variable(name), reason) from error
        made._origins = origins
        return made


_SAVED: Origin = "saved"


def read_settings(**flags: Any) -> Settings:  # noqa: ANN401 - flags have the fields' types, which pydantic checks
    """Settings from flags (None: not given), environment, the data folder and defaults. Raises: SettingError."""
    given = {name: value for name, value in flags.items() if value is not None}
    environment = EnvSettingsSource(Settings)()
    values = {**environment, **given}
    origins: dict[str, Origin] = {**dict.fromkeys(environment, "environment"), **dict.fromkeys(given, "flag")}
    settings = Settings.layered(values, origins)  # they tell where the data folder is
    kept = saved(settings.data, Settings)
    if not kept:
        return settings
    from_file: dict[str, Origin] = dict.fromkeys(kept, _SAVED)
    return Settings.layered({**kept, **values}, {**from_file, **origins}, file=str(settings.data / SAVED_FILE))


def variable(name: str) -> str:
    """The variable of the environment that gives a setting."""
    return name if name.startswith(PREFIX) else PREFIX + name.upper()
