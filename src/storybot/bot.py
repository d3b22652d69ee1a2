"""Storybot: a question's way through the house, on one screen. A document's way is the library's."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import Literal

from storybot import ranking
from storybot.answering import EMPTY, UNREAD, Conduct, Draft, SideBySide, tell
from storybot.citing import Citations
from storybot.doubting import doubted
from storybot.errors import DocumentNotFound, EmptyQuestion, QuestionTooLong, Stopped, StorybotError
from storybot.following import Exchange, Understanding, understand
from storybot.library import Library
from storybot.model import (
    DEFAULT_COLLECTION,
    Answer,
    Claim,
    Document,
    Done,
    Event,
    Found,
    Hit,
    Mode,
    Notice,
    Piece,
    Reading,
    Scope,
    Source,
    Trail,
    Turn,
    Understood,
    Window,
)
from storybot.ports import Answerer, Embedder, Engine, Pulse, Reader
from storybot.ranking import DEPTH, READING_SHARE, fuse, thin
from storybot.settings import Settings
from storybot.suggesting import Suggesting
from storybot.supporting import Support
from storybot.tracing import Trace
from storybot.windows import REACH, cover, surroundings
from storybot.words import query_terms, tokens

EVIDENCE_PASSAGES = 10
"""Passages that an answerer is shown."""

AROUND_LETTERS = 800
"""Letters before and after a cited sentence that tell a follow-up who was spoken of."""


class Storybot:
    """Answers questions from the documents it holds. Safe to call from any thread."""

    def __init__(  # noqa: PLR0913 - the parts that it is made of
        self,
        settings: Settings,
        engine: Engine,
        embedder: Embedder,
        reader: Reader,
        answerer: Answerer,
        *,
        library: Library,
        wording: Answerer | None = None,
        seeds: Sequence[Source] = (),
        questions: Sequence[str] = (),
    ) -> None:
        """answerer: quotes the text. wording: says it in words of its own, which are checked; it may fail."""
        self._settings = settings
        self._engine = engine
        self._embedder = embedder
        self.library = library
        self._reader = reader
        self._answerer = answerer
        self._conduct = Conduct(caution=settings.caution, wording=wording, unsupported=settings.unsupported)
        self._seeds = seeds
        self._suggesting = Suggesting(engine, questions)
        self._preparing = threading.Lock()
        self._ready = False
        self._trouble: StorybotError | None = None
        self._quiet = threading.Condition()
        self._asked = 0

    @property
    def seeding(self) -> bool:
        """Whether the stories that ship will be in the corpus as soon as the models are loaded."""
        return bool(self._seeds) and not self._ready and self._trouble is None and self._engine.untouched

    @property
    def ready(self) -> bool:
        """Whether a question is answered at once; until then it waits."""
        return self._ready

    @property
    def trouble(self) -> StorybotError | None:
        """What keeps the bot from getting ready, if anything does."""
        return self._trouble

    @property
    def embedder(self) -> Embedder:
        """What embeds, and counts tokens."""
        return self._embedder

    def behave(self, conduct: Conduct) -> None:
        """Answer so from the next question on; one that is under way is told as it began."""
        self._conduct = conduct

    def prepare(self) -> None:
        """Load the models, and put the seeds into a corpus that never held anything. Happens once, by whoever is first.

        Raises: ModelNotFound, ReaderNotFound, ReaderDamaged.
        """
        with self._preparing:
            if self._ready:
                return
            try:
                self.library.manifest()
                self._reader.prepare()
                if self._engine.untouched:
                    for seed in self._seeds:
                        self.library.add(seed)
            except StorybotError as error:
                self._trouble = error
                raise
            self._ready, self._trouble = True, None

    # The question's way

    def ask(self, question: str, scope: Scope = Scope(), history: Sequence[Turn] = ()) -> Answer:  # noqa: B008 - frozen
        """The answer to a question, with its proof, or that the text does not say. Raises: InputError."""
        for event in self.stream(question, scope, history):
            if isinstance(event, Done):
                return event.answer
        message = "a stream of events ends with Done"
        raise AssertionError(message)

    def stream(
        self,
        question: str,
        scope: Scope = Scope(),  # noqa: B008 - frozen
        history: Sequence[Turn] = (),
        *,
        pulse: Pulse = lambda: None,
    ) -> Iterator[Event]:
        """The same as it comes: whether the text answers, the answer's pieces, then the whole. Raises: InputError.

        history: the turns before, the latest last. They tell what a question means that doesn't stand alone, and where
        to look; how sure an answer must be is the same with and without them. pulse: may raise Stopped, and the answer
        is what came until then.
        """
        question = self._checked(question)
        understood = self.understand(question, history)
        draft = Draft(question=question, standalone=understood.question)
        if understood.question != question:
            yield Understood(question=understood.question)
        try:
            for event in self._answer(draft, understood, scope, pulse):
                draft.take(event)
                yield event
        except Stopped:
            draft.stopped = True
        yield Done(answer=draft.answer(self._engine.standing(draft.document_ids)))

    def _answer(
        self, draft: Draft, understood: Understanding, scope: Scope, pulse: Pulse
    ) -> Iterator[Found | Piece | Notice]:
        conduct = self._conduct
        trail = self._follow(draft.question, understood, scope, conduct, pulse)
        pulse()
        draft.evidence = tuple(thin(trail.hits, EVIDENCE_PASSAGES))
        yield Found(found=trail.found, confidence=trail.confidence)
        if not draft.evidence and not self._engine.entries(scope.collection):
            yield Notice(text=EMPTY)
        if draft.evidence and not any("reader" in hit.why for hit in draft.evidence):
            yield Notice(text=UNREAD)
        if trail.found:
            draft.citations = Citations(trail.documents, self._engine.pages)
            first, *others = trail.readings
            shown = [reading for reading in others if reading.passage.document_id in draft.document_ids]
            quoting = SideBySide(self._answerer, trail.threshold)
            for told in self._tell(conduct, understood.question, draft.evidence, (first, *shown), quoting, pulse):
                pulse()
                if isinstance(told, Notice):
                    yield told
                    continue
                piece = draft.piece(told)
                if not draft.cited <= self._engine.standing(draft.cited).keys():
                    return  # what it quotes was removed while it was told
                yield piece

    def trail(self, question: str, scope: Scope = Scope(), history: Sequence[Turn] = ()) -> Trail:  # noqa: B008 - frozen
        """How an answer is found: each step of the question's way up to the reader's verdict. Raises: InputError."""
        question = self._checked(question)
        return self._follow(question, self.understand(question, history), scope, self._conduct, lambda: None)

    def _follow(  # noqa: PLR0913 - what is asked, where, and how
        self,
        question: str,
        understood: Understanding,
        scope: Scope,
        conduct: Conduct,
        pulse: Pulse,
        *,
        urgent: bool = True,
    ) -> Trail:
        """A question's way up to the verdict. urgent: somebody waits for it. Raises: what the pulse raises."""
        trace = Trace()
        with self._urgent() if urgent else nullcontext():
            found = self._retrieve(understood.readings, scope, "hybrid", trace)
            pulse()
            self._read_over(understood.question, found, trace)
        threshold = self._reader.threshold(conduct.caution)
        return trace.trail(question, understood.question, scope, threshold)

    def answered(self, question: str, document: Document) -> Reading | None:
        """What answers a question about a document, where that is so sure that a cautious reader tells it.

        Raises: InputError.
        """
        scope = Scope(collection=document.collection, document_ids=(document.id,))
        question = self._checked(question)
        trail = self._follow(question, self.understand(question, ()), scope, self._conduct, lambda: None, urgent=False)
        least = max(trail.threshold, self._reader.threshold("cautious"))
        best = next(iter(trail.readings), None)
        return best if best and best.confidence >= least else None

    def give_way(self, most_s: float) -> None:
        """Wait while a question is looked up and read, for so many seconds at most: for work that isn't urgent."""
        with self._quiet:
            self._quiet.wait_for(lambda: not self._asked, most_s)

    @contextmanager
    def _urgent(self) -> Iterator[None]:
        """Others give way meanwhile."""
        with self._quiet:
            self._asked += 1
        try:
            yield
        finally:
            with self._quiet:
                self._asked -= 1
                self._quiet.notify_all()

    def _tell(  # noqa: PLR0913, PLR0917 - what is told, how, and by whom
        self,
        conduct: Conduct,
        question: str,
        hits: Sequence[Hit],
        readings: Sequence[Reading],
        quoting: Answerer,
        pulse: Pulse,
    ) -> Iterator[Claim | Notice]:
        if conduct.wording is None:
            return quoting.answer(question, hits, readings, pulse)
        return tell(
            question,
            hits,
            readings,
            wording=conduct.wording,
            quoting=quoting,
            support=Support(question, readings).of,
            unsupported=conduct.unsupported,
            pulse=pulse,
        )

    def understand(self, question: str, history: Sequence[Turn]) -> Understanding:
        """What a question means after the turns before, the latest last, and what is searched for it."""
        heard = [turn for turn in history if turn.state != "gone"]
        cited = {citation.document_id for turn in heard for citation in turn.citations}
        texts = {}
        for document_id in cited:
            with suppress(DocumentNotFound):
                texts[document_id] = self._engine.document(document_id).text
        return understand(question, [_exchange(turn, texts) for turn in heard])

    def search(
        self,
        query: str,
        scope: Scope = Scope(),  # noqa: B008 - frozen
        *,
        k: int = 10,
        mode: Mode = "hybrid",
        rerank: bool | Literal["auto"] = "auto",
    ) -> tuple[Hit, ...]:
        """The k passages that fit the query best, best first; `why` tells how each was ranked. Raises: InputError.

        The reader ranks the first of them anew where `rerank` is true; "auto": where both rankings are asked.
        """
        query = self._checked(query)
        trace = Trace()
        found = self._retrieve((query,), scope, mode, trace)
        if rerank is True or (rerank == "auto" and mode == "hybrid"):
            found = self._read_over(query, found, trace)
        return tuple(thin(found, k))

    def _retrieve(self, queries: Sequence[str], scope: Scope, mode: Mode, trace: Trace) -> list[Hit]:
        """All that the rankings find, fused. queries: several ways to ask one thing, the best first."""
        self.prepare()
        for document_id in scope.document_ids:
            self._engine.entry(document_id)
        rankings: dict[str, list[Hit]] = {}
        shares: dict[str, float] = {}
        for number, query in enumerate(queries):
            by_words = self._by_words(query, scope, trace) if mode != "dense" else []
            by_meaning = self._by_meaning(query, scope, trace) if mode != "words" else []
            trace.rankings[query] = (by_words, by_meaning)
            rankings |= {f"words {number}": by_words, f"dense {number}": by_meaning}
            share = READING_SHARE if number else 1.0
            shares |= {f"words {number}": share, f"dense {number}": share}
        with trace.timing("fusing"):
            trace.fused = fused = fuse(rankings, shares)
        if not fused:
            self._check(scope.collection)
        return fused

    def _by_words(self, query: str, scope: Scope, trace: Trace) -> list[Hit]:
        with trace.timing("words"):
            asked = query_terms(query)
            trace.common |= self._engine.common(asked, scope)
            return self._engine.matching(asked, DEPTH, scope)

    def _by_meaning(self, query: str, scope: Scope, trace: Trace) -> list[Hit]:
        """Nothing while the live index holds no vectors of the embedder that we have."""
        live = self._engine.manifest
        if live is None or live.embedder != self._embedder.revision:
            return []
        with trace.timing("embedding"):
            vector = self._embedder.embed_query(query)
        with trace.timing("meaning"):
            return self._engine.nearest(vector, DEPTH, scope)

    def _check(self, collection: str) -> None:
        """Raises: CollectionNotFound. The first collection needn't be there yet."""
        if collection != DEFAULT_COLLECTION:
            self.library.collection(collection)

    def windows(self, hits: Iterable[Hit]) -> list[Window]:
        """What the reader reads of what was found."""
        return cover((hit.passage for hit in hits), lambda passage: self._engine.around(passage, REACH))

    def _read_over(self, query: str, found: Sequence[Hit], trace: Trace) -> list[Hit]:
        """The hits as the reader ranks them, of the documents that still stand."""
        with trace.timing("reading"):
            findings = self._reader.read(query, self.windows(thin(found, len(found))))
        standing = self._engine.standing({hit.passage.document_id for hit in found})
        # Reading takes a while, and what was removed meanwhile is quoted no more.
        hits = [hit for hit in ranking.rerank(found, findings) if hit.passage.document_id in standing]
        trace.documents, trace.hits = standing, hits
        trace.readings = [one for one in doubted(query, findings.readings) if one.passage.document_id in standing]
        return hits

    def _checked(self, question: str) -> str:
        """The question, half characters replaced, which no tokenizer takes. Raises: QuestionTooLong, EmptyQuestion."""
        limit = self._settings.max_question_characters
        if len(question) > limit:
            raise QuestionTooLong(length=len(question), limit=limit)
        if not tokens(question):
            raise EmptyQuestion
        return question.encode(errors="replace").decode()

    def suggestions(self, scope: Scope = Scope()) -> tuple[str, ...]:  # noqa: B008 - frozen
        """Up to three questions that the corpus answers, or will once the stories that ship are in it."""
        return self._suggesting.shipped if self.seeding else self._suggesting.questions(scope)

    def close(self) -> None:
        """Let go of the corpus, and of what reads files."""
        self.library.close()
        self._engine.close()


def _exchange(turn: Turn, texts: Mapping[str, str]) -> Exchange:
    """What an earlier turn says to a follow-up. texts: those of the documents that stand, by id."""
    around = []
    for document_id in dict.fromkeys(citation.document_id for citation in turn.citations):
        spans = [citation.span for citation in turn.citations if citation.document_id == document_id]
        around += [span.cut(texts.get(document_id, "")) for span in surroundings(spans, AROUND_LETTERS)]
    near = [passage.text for passage in turn.nearest]
    told = "".join(piece.text for piece in turn.pieces if piece.supported) or None
    return Exchange(question=turn.standalone, answer=told, texts=(*around, *near))
