"""The ports: what the core asks of the parts that plug into it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from storybot.model import (
    Answer,
    Asking,
    Caution,
    Claim,
    Collection,
    Conversation,
    Document,
    Entity,
    Entry,
    Feedback,
    Findings,
    Hit,
    Job,
    JobState,
    Manifest,
    Overview,
    Page,
    Passage,
    Reading,
    Round,
    Scope,
    Source,
    Turn,
    Vectors,
    Window,
)

Progress: TypeAlias = Callable[[int, int], None]
"""Called with (done, total) while a long work goes on; it may raise to stop the work."""

Pulse: TypeAlias = Callable[[], None]
"""Called several times a second while something is awaited; it may raise to stop the work."""

Parse: TypeAlias = Callable[[Source, Pulse], Document]
"""Reads a document out of a file, within limits of size, time and memory. Raises: InputError, what the pulse raises."""

CountTokens: TypeAlias = Callable[[Sequence[str]], list[int]]
"""Tokens of each text by some tokenizer."""


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def revision(self) -> str:
        """Name and fingerprint of the model: equal if and only if its vectors may be compared."""

    @property
    def runtime(self) -> str:
        """What computes the vectors, and in which numbers: for people."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """How many tokens of a passage the model reads, its special tokens not counted."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by the model's own tokenizer, special tokens not counted."""

    def embed_passages(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        """Vectors of passages batch by batch: places in `texts` and their vectors (len(places), dim).

        The batches come in any order and hold each place once. A question is embedded before the next batch.
        """

    def embed_query(self, text: str) -> Vectors:
        """Vector of a question, shape (dim,)."""


class EntityFinder(Protocol):
    """Finds who and what is named in a text."""

    @property
    def revision(self) -> str:
        """Names how it finds them: another revision may find others."""

    def find(self, text: str, pulse: Pulse) -> list[Entity]:
        """People, places and things in the text, their names joined, the most often named first.

        Raises: what `pulse` raises, which is called several times a second.
        """


class QuestionGenerator(Protocol):
    """Makes questions out of sentences."""

    @property
    def revision(self) -> str:
        """Names how it makes them: another revision may make others."""

    def generate(self, sentences: Sequence[str], people: frozenset[str], pulse: Pulse) -> list[tuple[Asking, ...]]:
        """Questions that each of the sentences answers, the best first; none where nothing is worth asking.

        people: words of the names of persons, in small letters. Raises: what `pulse` raises, which is called several
        times a second.
        """


class Engine(Protocol):
    """The corpus: documents, passages, vectors and words, consistent by themselves, safe to call from any thread.

    An index holds the passages of all documents as one manifest cuts and embeds them. One index is live and answers
    searches; another may be built beside it. A document belongs to each index that holds passages of it.
    """

    @property
    def manifest(self) -> Manifest | None:
        """The manifest of the live index; None in an empty corpus."""

    @property
    def manner(self) -> str:
        """How the nearest passages are looked for in the live index, as it is that large: for people."""

    @property
    def untouched(self) -> bool:
        """Whether nothing was ever put: true of a new corpus, false of one whose documents were all dropped."""

    def put(
        self,
        document: Document,
        passages: Sequence[Passage],
        vectors: Vectors,
        manifest: Manifest,
        *,
        original: bytes | None = None,
    ) -> None:
        """Store a document with its passages in the index of `manifest`, in one transaction.

        vectors: (len(passages), dim). original: the file it was read from; None leaves the one that is kept. A document
        of the same name and collection is replaced in the same transaction; the same id again replaces its passages in
        that index only. The first index becomes live at once. What was kept for the document by `keep` goes.
        """

    def index(self, document: Document, passages: Sequence[Passage], vectors: Vectors, manifest: Manifest) -> bool:
        """Put the passages of a document that stands into the index of `manifest`, and leave all else of it alone.

        False, and nothing put, where the document is gone or has another text. What was kept for it by `keep` goes.
        """

    def drop(self, document_id: str) -> None:
        """Remove a document and every trace of it. Raises: DocumentNotFound."""

    def document(self, document_id: str) -> Document:
        """The document. Raises: DocumentNotFound."""

    def original(self, document_id: str) -> bytes:
        """The file that the document was read from. Raises: DocumentNotFound, OriginalNotKept."""

    def pages(self, document_id: str) -> tuple[Page, ...]:
        """The document's pages, in order; none where its format has none. Raises: DocumentNotFound."""

    def entry(self, document_id: str) -> Entry:
        """The document's line in the catalogue. Raises: DocumentNotFound."""

    def entries(self, collection: str | None = None) -> list[Entry]:
        """The catalogue by title, then id: of one collection, or of all."""

    def twin(self, collection: str, text: str) -> str | None:
        """The id of the document of this very text in the collection, if there is one."""

    def standing(self, document_ids: Iterable[str]) -> dict[str, Entry]:
        """The lines of those of the documents that are there, by id."""

    def move(self, document_ids: Sequence[str], collection: str) -> None:
        """Put documents into another collection, all or none; ids stay. Raises: DocumentNotFound, NameTaken."""

    def rename(self, called: Mapping[str, tuple[str, str]]) -> None:
        """Call documents otherwise, all or none: their new names and titles by id; two may swap names.

        Raises: DocumentNotFound, NameTaken.
        """

    def collections(self) -> list[Collection]:
        """The collections by name: the default one, those that were begun, those of the documents."""

    def begin_collection(self, name: str) -> None:
        """Make an empty collection. Raises: CollectionExists."""

    def rename_collection(self, name: str, new: str) -> None:
        """Call a collection otherwise, also in its conversations. Raises: CollectionNotFound, CollectionExists."""

    def drop_collection(self, name: str) -> None:
        """Remove a collection and its documents, as `drop` does. Raises: CollectionNotFound."""

    def passages(self, document_id: str) -> list[Passage]:
        """The document's passages in the live index, in the order of the text. Raises: DocumentNotFound."""

    def vectors(self, document_id: str) -> Vectors:
        """The vectors (n, dim) of `passages(document_id)`, in their order. Raises: DocumentNotFound."""

    def around(self, passage: Passage, reach: int) -> list[Passage]:
        """The passage with up to `reach` others before and after it, in the order of the text.

        Empty where the live index doesn't hold the passage any more.
        """

    def nearest(self, vector: Vectors, k: int, scope: Scope) -> list[Hit]:
        """The k passages in scope whose vectors have the largest inner product with `vector` (dim,), best first.

        Scores are exact; the choice is exact too while the index is small enough for that (`engines/indexes.py`).
        Ties go to the earlier document id, then to the earlier passage. `why["dense"]` holds rank and score.
        """

    def matching(self, terms: Sequence[str], k: int, scope: Scope) -> list[Hit]:
        """The k passages in scope that share a term with `terms`, best BM25 first; ties as in `nearest`.

        Terms are those of `words.terms`. A passage is found by its own terms, and less by those of the passages before
        and after it. The statistics are of the passages in scope where the scope names documents, else of the whole
        live index. `why["words"]` holds rank and score, larger is better.
        """

    def common(self, terms: Sequence[str], scope: Scope) -> frozenset[str]:
        """Those of the terms, in lower case, that `matching` leaves out in this scope: too many passages hold them."""

    def keep(self, document_id: str, embedder: str, texts: Sequence[str], vectors: Vectors) -> None:
        """Keep vectors (len(texts), dim) of a document on its way in, so that a crash costs no embedding twice.

        embedder: its revision. They are kept by the hash of their text.
        """

    def kept(self, document_id: str, embedder: str, texts: Sequence[str]) -> dict[int, Vectors]:
        """The vectors (dim,) that are kept for some of the texts, by place in `texts`."""

    def forget(self, document_id: str) -> None:
        """Let go of what is kept for a document that won't come in."""

    def describe(self, overview: Overview) -> bool:
        """Store what a document is about, in the place of what was known; False, and nothing stored, if it is gone.

        It goes with its document, and with its text.
        """

    def overview(self, document_id: str) -> Overview | None:
        """What the document is about; None until that is known. Raises: DocumentNotFound."""

    def undescribed(self, recipe: str) -> list[str]:
        """Ids of the documents without an overview of this recipe, the last added first."""

    def unindexed(self, manifest: Manifest) -> list[str]:
        """Ids of the documents without passages in the index of `manifest`."""

    def swap(self, manifest: Manifest) -> bool:
        """Make the index of `manifest` live and remove the others; False, and nothing changed, while documents lack."""

    def tidy(self) -> None:
        """Rewrite what removals left untidy: for idle moments, as it may take seconds. Nothing to do, nothing done."""

    def check(self) -> None:
        """Read the whole store over. Raises: CorpusDamaged."""

    def repair(self) -> list[str]:
        """Mend what can be mended without loss; what was done, a line each. Raises: CorpusDamaged where it can't be."""

    def close(self) -> None:
        """Let go of files. The engine can't be used afterwards."""


class Reader(Protocol):
    """Reads windows for a question and says where, and how surely, they answer it."""

    def prepare(self) -> None:
        """Load what it reads with. Raises: ReaderNotFound, ReaderDamaged."""

    def threshold(self, caution: Caution) -> float:
        """The least confidence of an answer that is given, 0 to 1."""

    def read(self, question: str, windows: Sequence[Window]) -> Findings:
        """How relevant the passages are, and candidate answers. Windows come best first; the last may stay unread."""


class Answerer(Protocol):
    """Words an answer and points at the sentences that it rests on."""

    def answer(self, question: str, hits: Sequence[Hit], readings: Sequence[Reading], pulse: Pulse) -> Iterator[Claim]:
        """The answer piece by piece. It is asked only when the first of the readings, best first, is sure enough.

        Raises: AnswererFailed, after what it could give; and what `pulse` raises, at once.
        """


class Archive(Protocol):
    """The conversations, kept beside the corpus they are about. Safe to call from any thread.

    It keeps places in documents and cuts the quotes out of them when a turn is read. With a document go, in the same
    moment, the words of all turns that quoted it.
    """

    def begin(self, title: str, collection: str) -> Conversation:
        """A new conversation, without turns."""

    def conversations(self, search: str = "") -> list[Conversation]:
        """All whose title, questions or answers hold each word of `search`; the last changed first."""

    def conversation(self, conversation_id: str) -> Conversation:
        """The conversation's line in the list. Raises: ConversationNotFound."""

    def rename(self, conversation_id: str, title: str) -> Conversation:
        """Call it otherwise. Raises: ConversationNotFound."""

    def remove(self, conversation_id: str) -> None:
        """Forget it, wholly. Raises: ConversationNotFound."""

    def keep(self, conversation_id: str, answer: Answer, history: Sequence[Turn] = ()) -> Turn:
        """Put an answer at the conversation's end. Raises: ConversationNotFound.

        Of an answer that quotes a document which is gone meanwhile nothing but the question is kept. Of the evidence
        the first passages are kept, and only where the text does not say. history: the turns that tell what the
        question means; if the document of one is gone meanwhile, the question is kept only as it was typed.
        """

    def turns(self, conversation_id: str, *, before: int | None = None, most: int) -> list[Turn]:
        """The last `most` turns with a number smaller than `before`, by number. Raises: ConversationNotFound."""

    def turn(self, turn_id: str) -> Turn:
        """One turn. Raises: TurnNotFound."""

    def judge(self, turn_id: str, feedback: Feedback | None) -> Turn:
        """Note what the user thinks of the answer; None takes it back. Raises: TurnNotFound."""

    def judged(self) -> list[Turn]:
        """All turns with a feedback, the latest asked first."""


class Store(Protocol):
    """The corpus as one file: documents, index, conversations and queue."""

    def copy(self, target: Path) -> None:
        """Write all of it, as it stands at one moment, into a new file. Raises: DiskFull."""

    def replace(self, source: Path) -> None:
        """Put a file that `copy` wrote in the place of all of it: wholly, or not at all. The file is used up.

        Raises: CorpusDamaged, NewerCorpus, CorpusBusy, DiskFull.
        """


class Queue(Protocol):
    """The sources on their way into the corpus, kept beside it. Safe to call from any thread.

    What `enqueue` and `cancel` gave back survives a crash. Several processes may share a queue: a job is worked on by
    the one that claimed it, and may be claimed by another once that one no longer says that it works. When a job ends,
    its source goes, and what is kept of its document; where it isn't done, without a trace in any file.
    """

    def enqueue(self, sources: Sequence[Source]) -> list[Job]:
        """Queue sources, all or none. Raises: DiskFull, FolderNotWritable, CorpusBusy."""

    def claim(self) -> tuple[Job, Source] | None:
        """The earliest job that nobody works on, now this process's, with its source; None where there is none."""

    def note(self, jobs: Sequence[Job]) -> set[str]:
        """Store how far this process's jobs are, and that it works on them; gives the ids of those that it has lost."""

    def lost(self, job_ids: Iterable[str]) -> set[str]:
        """Those of the jobs that aren't this process's any more: cancelled, or taken over."""

    def land(self, job_id: str) -> bool:
        """Let a job be cancelled no more, as its document comes in now; False if it isn't this process's any more."""

    def release(self) -> None:
        """Give back all that this process works on: it waits again."""

    def cancel(self, job_ids: Iterable[str]) -> None:
        """Cancel those of the jobs that haven't ended and whose documents aren't just coming in."""

    def job(self, job_id: str) -> Job:
        """One job. Raises: JobNotFound."""

    def jobs(self, *, most: int, state: JobState | None = None) -> list[Job]:
        """Those that haven't ended, in the order of the queue, then those that have, the last changed first."""

    def mark(self) -> int:
        """A number that grows with every change."""

    def changes(self, since: int) -> tuple[int, list[Job]]:
        """Jobs that changed after the mark `since`, in that order, and the mark to ask with next time."""

    def round(self) -> Round:
        """All jobs since the queue was last empty."""
