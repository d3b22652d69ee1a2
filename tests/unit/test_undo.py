import pytest

from storybot.assembly import build_library
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.memory import MemoryEngine
from storybot.errors import DocumentNotFound
from storybot.library import Library
from storybot.model import Source
from storybot.settings import Settings
from storybot.undoing import UNDO_SECONDS


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def library(settings: Settings, embedder: SentenceTransformerEmbedder, watch: Watch) -> Library:
    parse = build_library(settings, MemoryEngine(), embedder)._parse
    return Library(MemoryEngine(), embedder, parse, clock=watch)


@pytest.fixture
def lapses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times after which the library means to look what lapsed; it doesn't by itself."""
    asked: list[float] = []

    class Timer:
        daemon = False

        def __init__(self, seconds: float, _look: object) -> None:
            asked.append(seconds)

        def start(self) -> None:
            assert self.daemon

    monkeypatch.setattr("threading.Timer", Timer)
    return asked


def test_what_was_removed_lingers_in_memory_no_longer_than_it_can_be_put_back(
    library: Library, watch: Watch, lapses: list[float]
) -> None:
    fox, owl = (
        library.add(Source(name=f"{name}.txt", data=f"The {name} slept.".encode())).id for name in ("fox", "owl")
    )
    library.remove(fox)
    watch.now = 4
    library.remove(owl)
    assert lapses == [UNDO_SECONDS]
    assert [document.id for document in library.removed([fox, owl, "nowhere"])] == [fox, owl]
    watch.now = UNDO_SECONDS
    library._undo._lapse()
    assert [document.id for document in library.removed([fox, owl])] == [owl]
    assert lapses == [UNDO_SECONDS] * 2
    with pytest.raises(DocumentNotFound):
        library.restore(fox)
    watch.now = 4 + UNDO_SECONDS
    library._undo._lapse()
    assert not library._undo._held
    assert lapses == [UNDO_SECONDS] * 2
