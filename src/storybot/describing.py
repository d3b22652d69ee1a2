"""What documents are about, found out in the background: whenever nothing else is to be done."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from storybot import chunking, overviewing
from storybot.bot import Storybot
from storybot.errors import CorpusBusy, DiskFull, DocumentNotFound, FolderNotWritable, InputError, StorybotError
from storybot.languages import gettext
from storybot.model import Document, Overview, Reading, Vectors
from storybot.ports import Embedder, Engine, EntityFinder, QuestionGenerator

_log = logging.getLogger(__name__)

_REST_SECONDS = 1.0
"""Between two looks for documents that nothing is known about, and for uploads that have ended."""

_PAUSE_SECONDS = 5.0
"""Before another attempt, where the corpus was busy or the disk full."""

_GIVE_WAY_SECONDS = 0.5
"""Longest rest at once while a question is answered."""

_STOP_SECONDS = 1.0
"""Longest wait for the thread to end; what it does then is done again."""


class _Halted(Exception):
    """The house is closed: whatever isn't stored yet is found out at the next start."""


class Describer:
    """Stores what each document is about, the last added first, one after another in a thread of its own.

    Several processes may do so: the last overview that is stored holds.
    """

    def __init__(  # noqa: PLR0913 - the parts that it is made of
        self,
        bot: Storybot,
        engine: Engine,
        embedder: Embedder,
        finder: EntityFinder,
        generator: QuestionGenerator,
        *,
        reader: str = "",
        rest: Callable[[], None] = lambda: None,
    ) -> None:
        """reader: names what reads. rest: called when nothing waits any more, and at the end; from any thread."""
        self._bot = bot
        self._engine = engine
        self._embedder = embedder
        self._finder = finder
        self._generator = generator
        self._reader = reader
        self._rest = rest
        self._busy: Callable[[], bool] = lambda: False
        self._stopping = threading.Event()
        self._failures: dict[str, str] = {}
        self._thread = threading.Thread(target=self._run, name="describer", daemon=True)

    @property
    def recipe(self) -> str:
        """Names how overviews are made here. Loads the model."""
        parts = (self._finder.revision, self._generator.revision, self._embedder.revision, self._reader)
        return ", ".join(filter(None, (overviewing.RECIPE, chunking.RECIPE, *parts)))

    def failure(self, document_id: str) -> str:
        """Why it stays untold until the next start what a document is about; empty where it doesn't."""
        return self._failures.get(document_id, "")

    def start(self, busy: Callable[[], bool]) -> None:
        """Begin, as soon as the bot is ready: nothing is loaded for this alone.

        busy: whether uploads are worked on, which go first.
        """
        self._busy = busy
        self._thread.start()

    def stop(self) -> None:
        """End within about a second."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)
        self._rest()

    def describe(self, document_id: str) -> None:
        """Find out what a document is about, and store it. Raises: DocumentNotFound and what asking raises."""
        document = self._engine.document(document_id)
        passages, vectors = self._engine.passages(document_id), self._engine.vectors(document_id)
        if len(passages) != len(vectors):
            return  # the index was renewed between: another look will find both of the new one
        overview = overviewing.describe(
            document,
            passages,
            vectors,
            find=self._finder.find,
            embed=self._embed,
            generate=self._generator.generate,
            answered=lambda question: self._answered(question, document),
            pulse=self._pulse,
        )
        self._store(replace(overview, recipe=self.recipe), document)

    def _store(self, overview: Overview, document: Document) -> None:
        """Store it, unless the document got another text meanwhile, whose places are others."""
        if self._engine.document(document.id).text == document.text:
            self._engine.describe(overview)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                waiting = self._waiting()
            except StorybotError as error:
                _log.warning("It can't be told what the documents are about: %s", error)
                waiting = []
            if waiting:
                self._attempt(waiting[0])
            else:
                self._rest()
                self._stopping.wait(_REST_SECONDS)

    def _attempt(self, document_id: str) -> None:
        """Describe a document; where that fails, leave it alone until the next start."""
        try:
            self.describe(document_id)
        except (_Halted, DocumentNotFound):
            return  # there is no need any more: the house is closed, or the document was removed
        except (CorpusBusy, DiskFull, FolderNotWritable) as error:  # that passes
            _log.warning("What document %s is about can't be stored yet: %s", document_id, error)
            self._stopping.wait(_PAUSE_SECONDS)
        except StorybotError as error:
            _log.warning("What document %s is about stays untold until the next start: %s", document_id, error)
            self._failures[document_id] = str(error)
        except Exception:  # noqa: BLE001 - the last door: one document must never stop the others
            if not self._stopping.is_set():  # else the house was closed before the thread had ended
                _log.exception("What document %s is about stays untold until the next start", document_id)
            self._failures[document_id] = gettext("The server's log says why.")

    def _waiting(self) -> list[str]:
        """Ids of the documents that can be described now."""
        live = self._engine.manifest if self._bot.ready and not self._busy() else None
        if live is None or live.embedder != self._embedder.revision:
            return []  # while the index is renewed, its vectors are of another model than the sentences' would be
        return [one for one in self._engine.undescribed(self.recipe) if one not in self._failures]

    def _embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._embedder.dim), dtype=np.float32)
        for places, batch in self._embedder.embed_passages(texts):
            self._pulse()
            vectors[list(places)] = batch
        return vectors

    def _answered(self, question: str, document: Document) -> Reading | None:
        self._pulse()
        try:
            return self._bot.answered(question, document)
        except InputError:
            return None  # names without letters, or endless ones: nobody would ask that

    def _pulse(self) -> None:
        """Let questions and uploads go first. Raises: _Halted."""
        self._bot.give_way(_GIVE_WAY_SECONDS)
        while self._busy() and not self._stopping.wait(_REST_SECONDS):
            pass
        if self._stopping.is_set():
            raise _Halted
