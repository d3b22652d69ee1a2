"""From settings to a Storybot: the only module that knows every adapter."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from storybot.answering import Conduct
from storybot.bot import Storybot
from storybot.conversing import Conversations
from storybot.describing import Describer
from storybot.gathering import TAKEN_FILE, DropFolder
from storybot.library import Library
from storybot.model import Source
from storybot.packing import Packed, pack
from storybot.parsing.isolation import IsolatedParser
from storybot.ports import Answerer, Embedder, Engine, Queue, Reader, Store
from storybot.settings import NO_RERANKER, SHIPPED_READER, Settings
from storybot.workplaces import sweep, workplace

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a shell speaks to: the bot, the conversations with it, and the queue of what is on its way in.

    describer: finds out what the documents are about, for a shell that stays long enough to start it.
    """

    bot: Storybot
    conversations: Conversations
    queue: Queue
    describer: Describer | None = None

    def failure(self, document_id: str) -> str:
        """Why it can't be told what a document is about; empty where it can, or will."""
        return self.describer.failure(document_id) if self.describer else ""

    def close(self) -> None:
        """Let go of the corpus."""
        self.bot.close()


def build(settings: Settings, *, empty: bool = False) -> Storybot:
    """The bot of the house. Raises: what `build_house` raises."""
    return build_house(settings, empty=empty).bot


def build_house(settings: Settings, *, empty: bool = False) -> House:
    """The house on the corpus in the data folder, which is made if it isn't there. Loads no model yet.

    A new corpus is given the stories that ship with storybot, unless it is to be `empty`.

    Raises: FolderNotWritable, CorpusDamaged, CorpusBusy.
    """
    from storybot.answerers.reading import ReadingAnswerer  # noqa: PLC0415 - adapters are imported when they are used
    from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415
    from storybot.engines.sqlite import SqliteEngine  # noqa: PLC0415
    from storybot.english import English  # noqa: PLC0415
    from storybot.finders.names import EnglishNames  # noqa: PLC0415
    from storybot.generators.parsed import ParsedQuestions  # noqa: PLC0415

    sweep(settings.data)
    engine = SqliteEngine(settings.data)
    embedder = SentenceTransformerEmbedder(settings.model, cache=settings.data / "models", backend=settings.backend)
    bot = Storybot(
        settings=settings,
        engine=engine,
        embedder=embedder,
        library=build_library(settings, engine, embedder),
        reader=build_reader(settings),
        answerer=ReadingAnswerer(),
        wording=build_wording(settings, embedder) if settings.answerer == "openai" else None,
        seeds=() if empty else shipped_sources(),
        questions=shipped_questions(),
    )
    english = English()
    return House(
        bot=bot,
        conversations=Conversations(bot, engine.archive),
        queue=engine.queue,
        describer=Describer(
            bot,
            engine,
            embedder,
            EnglishNames(english),
            ParsedQuestions(english),
            reader=settings.reader,
            rest=english.close,
        ),
    )


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """The corpus in the data folder as one file, let go of at the end. Raises: what `build_house` raises."""
    from storybot.engines.sqlite import SqliteEngine  # noqa: PLC0415 - adapters are imported when they are used

    sweep(settings.data)
    with closing(SqliteEngine(settings.data)) as engine:
        yield engine.store


def build_library(settings: Settings, engine: Engine, embedder: Embedder) -> Library:
    """The library on an engine, with the parsers and their limits."""
    parser = IsolatedParser(
        max_bytes=settings.max_source_bytes,
        seconds=settings.max_parse_seconds,
        megabytes=settings.max_parse_megabytes,
    )
    return Library(engine, embedder, parser, close=parser.close)


def build_reader(settings: Settings) -> Reader:
    """The reader that the settings name. Loads no model yet."""
    from storybot.readers.extractive import ExtractiveWeights  # noqa: PLC0415 - adapters are imported when they are used
    from storybot.readers.networks import ShippedWeights  # noqa: PLC0415
    from storybot.readers.neural import NeuralReader  # noqa: PLC0415
    from storybot.readers.reranked import RerankedReader  # noqa: PLC0415

    weights = ShippedWeights() if settings.reader == SHIPPED_READER else ExtractiveWeights(settings.reader)
    reader = NeuralReader(weights, budget_ms=settings.reading_budget_ms)
    return reader if settings.reranker == NO_RERANKER else RerankedReader(reader, settings.reranker)


def build_conduct(settings: Settings, embedder: Embedder) -> Conduct:
    """How questions are answered by these settings."""
    wording = build_wording(settings, embedder) if settings.answerer == "openai" else None
    return Conduct(caution=settings.caution, wording=wording, unsupported=settings.unsupported)


def build_wording(settings: Settings, embedder: Embedder) -> Answerer:
    """The language model that the settings name. Its evidence is counted by the embedder's tokens."""
    from storybot.answerers.openai import OpenAIAnswerer  # noqa: PLC0415 - adapters are imported when they are used

    return OpenAIAnswerer(
        settings.llm_url,
        settings.llm_model,
        settings.llm_key.get_secret_value(),
        timeout_s=settings.llm_timeout_s,
        context_tokens=settings.llm_context_tokens,
        count_tokens=embedder.count_tokens,
    )


def export(settings: Settings, target: Path) -> Packed:
    """Write all there is in the data folder into one archive. Raises: FileNotWritable, DiskFull; as `build_house`."""
    with workplace(settings.data) as place:
        corpus = place / "corpus.db"
        with opened_store(settings) as store:
            store.copy(corpus)
        # Who opens a corpus writes to it.
        copied = place / "opened"
        copied.mkdir()
        shutil.copyfile(corpus, copied / corpus.name)
        house = build_house(settings.model_copy(update={"data": copied}))
        with closing(house):
            return pack(target, corpus, house.bot.library, house.conversations, settings.turned)


def build_drop_folder(settings: Settings, library: Library, submit: Callable[[Sequence[Source]], object]) -> DropFolder:
    """The folder whose files come in by themselves."""
    stories = shipped("corpus")
    ours = settings.data / "corpus" if stories.parent == _PACKAGE else stories
    return DropFolder(
        settings.corpus or ours,
        settings.data / TAKEN_FILE,
        library,
        submit,
        max_bytes=settings.max_source_bytes,
        # They come into a new corpus as its seeds, and their user may have deleted them since.
        spared=[source.name for source in shipped_sources()],
    )


def shipped_sources() -> tuple[Source, ...]:
    """The stories that come with storybot: those with questions beside them, as a user's may lie in the same folder."""
    stories = [path.with_suffix(".txt") for path in sorted(shipped("corpus").glob("*.questions"))]
    return tuple(Source(name=path.name, data=path.read_bytes()) for path in stories)


def shipped_questions() -> tuple[str, ...]:
    """Questions that the shipped stories answer."""
    pages = [path.read_text(encoding="utf-8") for path in sorted(shipped("corpus").glob("*.questions"))]
    return tuple(question for page in pages for question in page.splitlines() if question)


def shipped(name: str) -> Path:
    """A folder that ships with storybot: inside the installed package, else in the checkout."""
    return _PACKAGE / name if (_PACKAGE / name).is_dir() else _PACKAGE.parents[1] / name
