"""From settings to a Storybot: the only module that knows every adapter."""

from pathlib import Path

from storybot.bot import Storybot
from storybot.model import Source
from storybot.settings import Settings


def build(settings: Settings, *, empty: bool = False) -> Storybot:
    """The bot on the corpus in the data folder, which is made if it isn't there. Loads no model yet.

    A new corpus is given the stories that ship with storybot, unless it is to be `empty`.

    Raises: FolderNotWritable, CorpusDamaged, CorpusBusy.
    """
    from storybot.answerers.reading import ReadingAnswerer  # noqa: PLC0415 - adapters are imported when they are used
    from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415
    from storybot.engines.sqlite import SqliteEngine  # noqa: PLC0415
    from storybot.readers.lexical import THRESHOLD, LexicalReader  # noqa: PLC0415

    return Storybot(
        settings=settings,
        engine=SqliteEngine(settings.data),
        embedder=SentenceTransformerEmbedder(settings.model),
        answerer=ReadingAnswerer(LexicalReader()),
        threshold=THRESHOLD,
        seeds=() if empty else shipped_sources(),
        questions=shipped_questions(),
    )


def shipped_sources() -> tuple[Source, ...]:
    """The stories that come with storybot."""
    return tuple(Source(name=path.name, data=path.read_bytes()) for path in sorted(shipped("corpus").glob("*.txt")))


def shipped_questions() -> tuple[str, ...]:
    """Questions that the shipped stories answer."""
    pages = [path.read_text(encoding="utf-8") for path in sorted(shipped("corpus").glob("*.questions"))]
    return tuple(question for page in pages for question in page.splitlines() if question)


def shipped(name: str) -> Path:
    """A folder that ships with storybot: inside the installed package, else in the checkout."""
    here = Path(__file__).resolve().parent
    return here / name if (here / name).is_dir() else here.parents[1] / name
