"""How the house does with a hundred books, and with a million passages.

    python bench/scale.py build FOLDER --books CORPUS --passages N
    python bench/scale.py indexes FOLDER [--passages N]
    python bench/scale.py questions FOLDER
    python bench/scale.py start FOLDER
    python bench/scale.py removal FOLDER

`build` repeats the documents of another corpus, with their words, until FOLDER's corpus holds N passages; each vector
is moved by a little noise. `indexes` prints the table of index types; `questions` the time of a question and of its
parts, and the memory it took; `start` the server's start; `removal` how long the largest book takes to go, and what of
its sentences any file still holds (FOLDER is copied for that).
"""

import argparse
import resource
import shutil
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from house import ask, peak_mb, serving

from storybot import ranking
from storybot.assembly import build as build_bot
from storybot.engines.indexes import Faiss, library
from storybot.engines.sqlite import CORPUS_FILE, SqliteEngine
from storybot.model import DEFAULT_COLLECTION, Document, Passage, Scope, Vectors
from storybot.ports import Engine
from storybot.settings import read_settings
from storybot.words import query_terms

QUESTIONS = (
    "Who is Captain Ahab?",
    "Where did the White Rabbit go?",
    "What did the old man say to the little girl when she came home that night?",
    "How did Mr. Darcy propose to Elizabeth?",
    "What was in the treasure chest?",
    "Who killed the king?",
    "Why did the lady leave the house in the morning?",
    "What is the name of the whale?",
    "How old was the young man when his father died?",
    "Who wrote the letter?",
)
ROUNDS = 4
NOISE = 0.3
"""Length of what is added to a vector of length 1."""

NEAREST = 10
ROUNDING = 1e-6
SHORTEST = 30
LOOKED_FOR = 300
"""Letters of a sentence, and how many sentences, that are looked for in the files."""

ASKED_FOR = ranking.DEPTH + 32


def main() -> None:
    """Print each figure on a line of its own."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("work", choices=["build", "indexes", "questions", "start", "removal"])
    options.add_argument("folder", type=Path)
    options.add_argument("--books", type=Path)
    options.add_argument("--passages", type=int, default=0)
    chosen = options.parse_args()
    match chosen.work:
        case "build":
            build(chosen.folder, chosen.books, chosen.passages)
        case "indexes":
            compare_indexes(chosen.folder, chosen.passages)
        case "questions":
            ask_questions(chosen.folder)
        case "start":
            start(chosen.folder)
        case "removal":
            remove(chosen.folder)


# Building


def build(folder: Path, books: Path, least: int) -> None:
    """Put the books of another corpus into the folder's, over and over until it holds enough passages."""
    random = np.random.default_rng(0)
    count = copy = 0
    began = time.perf_counter()
    with closing(SqliteEngine(books)) as source, closing(SqliteEngine(folder)) as engine:
        manifest = source.manifest
        assert manifest, f"{books} holds no corpus"
        while count < least:
            for entry in source.entries():
                book = (source.document(entry.id), source.passages(entry.id), source.vectors(entry.id))
                document, passages, vectors = _copied(*book, copy, random) if copy else book
                engine.put(document, passages, vectors, manifest)
                count += len(passages)
                if count >= least:
                    break
            copy += 1
    print(f"{count} passages put in {time.perf_counter() - began:.0f} s")


def _copied(
    document: Document, passages: Sequence[Passage], vectors: Vectors, copy: int, random: np.random.Generator
) -> tuple[Document, tuple[Passage, ...], Vectors]:
    copied = replace(
        document, id=f"{document.id}-{copy}", name=f"{copy}/{document.name}", text=f"{document.text}\nCopy {copy}."
    )
    return copied, tuple(replace(passage, document_id=copied.id) for passage in passages), _moved(vectors, random)


def _moved(vectors: Vectors, random: np.random.Generator) -> Vectors:
    noise = random.normal(scale=NOISE / vectors.shape[1] ** 0.5, size=vectors.shape)
    moved: Vectors = (vectors + noise).astype(np.float32)
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    return moved


# The table of index types


def compare_indexes(folder: Path, most: int) -> None:
    """Print what each type costs and finds, on the folder's vectors, repeated with noise up to `most`."""
    with closing(SqliteEngine(folder)) as engine:
        real = np.concatenate([engine.vectors(entry.id) for entry in engine.entries()])
    random = np.random.default_rng(0)
    vectors = np.empty((most or len(real), real.shape[1]), dtype=np.float32)
    for start in range(0, len(vectors), len(real)):
        part = real[: len(vectors) - start]
        vectors[start : start + len(part)] = _moved(part, random) if start else part
    vectors = vectors.astype(np.float16).astype(np.float32)
    queries = _moved(_moved(real[random.integers(0, len(real), 50)], random), random)
    truth = [set(np.argsort(-(vectors @ query))[:NEAREST].tolist()) for query in queries]
    faiss = library()
    dim, product, types = vectors.shape[1], faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer
    cells = max(len(vectors) // 1000, 8)
    makes: dict[str, Callable[[], Faiss]] = {
        "flat": lambda: faiss.IndexIDMap(faiss.IndexFlatIP(dim)),
        "half precision": lambda: faiss.IndexIDMap(faiss.IndexScalarQuantizer(dim, types.QT_fp16, product)),
        "8 bits": lambda: faiss.IndexIDMap(faiss.IndexScalarQuantizer(dim, types.QT_8bit, product)),
        "cells, half precision": lambda: faiss.index_factory(dim, f"IVF{cells},SQfp16", product),
        "cells, 8 bits": lambda: faiss.index_factory(dim, f"IVF{cells},SQ8", product),
    }
    print("| passages | index | threads | build s | MB | p50 ms | p95 ms | recall@10 | 1,000 removed ms |")
    for name, make in makes.items():
        _measure_index(name, make, vectors, queries, truth, cells)


def _measure_index(  # noqa: PLR0913, PLR0917 - what is measured, and by what
    name: str, make: Callable[[], Faiss], vectors: Vectors, queries: Vectors, truth: list[set[int]], cells: int
) -> None:
    faiss = library()
    faiss.omp_set_num_threads(2)
    began = time.perf_counter()
    index = make()
    in_cells = name.startswith("cells")
    if in_cells:
        index.cp.niter, index.by_residual = 8, False
    if not index.is_trained:
        index.train(vectors[:: max(1, len(vectors) // (cells * 40))])
    index.add_with_ids(vectors, np.arange(len(vectors), dtype=np.int64))
    built = time.perf_counter() - began
    size = len(faiss.serialize_index(index)) / 1e6
    parameters = faiss.SearchParametersIVF(nprobe=cells // 5) if in_cells else None
    rows = []
    for threads in (1, 2):
        faiss.omp_set_num_threads(threads)
        times, found = [], 0
        for query, wanted in zip(queries, truth, strict=True):
            asked = time.perf_counter()
            keys = index.search(query[np.newaxis], ASKED_FOR, params=parameters)[1][0]
            times.append((time.perf_counter() - asked) * 1000)
            # Ranked anew by the stored vectors, as the engine does.
            ranked = keys[np.argsort(-(vectors[keys] @ query))][:NEAREST]
            found += len(wanted.intersection(ranked.tolist()))
        rows.append((threads, _quantiles(times), found / (NEAREST * len(queries))))
    began = time.perf_counter()
    index.remove_ids(faiss.IDSelectorRange(1000, 2000))
    removed = (time.perf_counter() - began) * 1000
    for threads, (p50, p95), recall in rows:
        print(
            f"| {len(vectors)} | {name} | {threads} | {built:.1f} | {size:.0f} | {p50:.1f} | {p95:.1f} | {recall:.3f} "
            f"| {removed:.0f} |",
            flush=True,
        )


# Questions


def ask_questions(folder: Path) -> None:
    """Print the time to the first answer, of a question and of its parts, and the memory at its peak."""
    began = time.perf_counter()
    bot = build_bot(read_settings(data=folder), empty=True)
    entries = bot.library.entries()
    print(
        f"opened and listed: {time.perf_counter() - began:.2f} s, {sum(entry.passages for entry in entries)} passages"
    )
    bot.ask(QUESTIONS[0])
    print(f"opened to first answer: {time.perf_counter() - began:.2f} s")
    engine, embedder = bot._engine, bot._embedder  # noqa: SLF001 - each is timed by itself
    scope, depth = Scope(), ranking.DEPTH
    vectors = {question: embedder.embed_query(question) for question in QUESTIONS}
    one = Scope(document_ids=(entries[0].id,))
    parts: dict[str, Callable[[str], object]] = {
        "embedding": embedder.embed_query,
        "dense": lambda question: engine.nearest(vectors[question], depth, scope),
        "words": lambda question: engine.matching(query_terms(question), depth, scope),
        "retrieval": lambda question: bot.search(question, scope, rerank=False),
        "retrieval in one document": lambda question: bot.search(question, one, rerank=False),
        "whole question": bot.ask,
    }
    for name, part in parts.items():
        times = []
        for question in QUESTIONS * ROUNDS:
            began = time.perf_counter()
            part(question)
            times.append((time.perf_counter() - began) * 1000)
        p50, p95 = _quantiles(times)
        print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms", flush=True)
    print(f"memory at its peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")
    print(f"recall@10 of the dense ranking: {_recall(engine, [*vectors.values()]):.3f}")
    bot.close()


def _recall(engine: Engine, queries: Sequence[Vectors]) -> float:
    """How many of the ten nearest of all passages are found."""
    best: list[list[float]] = [[] for _ in queries]
    for entry in engine.entries(DEFAULT_COLLECTION):
        scores = engine.vectors(entry.id) @ np.stack(queries).T  # (passages, queries)
        for number in range(len(queries)):
            best[number] = sorted([*best[number], *scores[:, number].tolist()], reverse=True)[:NEAREST]
    found = [
        sum(hit.score >= scores[-1] - ROUNDING for hit in engine.nearest(query, NEAREST, Scope()))
        for query, scores in zip(queries, best, strict=True)
    ]
    return sum(found) / (NEAREST * len(queries))


def start(folder: Path) -> None:
    """Print the time from the server's start to its first page, and to its first answer, and its memory."""
    for _ in range(2):  # the first leaves the cached vectors behind
        began = time.perf_counter()
        with serving(folder) as (url, process):
            urllib.request.urlopen(f"{url}/").read()  # noqa: S310 - our own server
            page = time.perf_counter() - began
            ask(url, QUESTIONS[0])
            print(
                f"start to first page {page:.2f} s, to first answer {time.perf_counter() - began:.2f} s, memory "
                f"{peak_mb(process.pid):.0f} MB"
            )


# Removal


def remove(folder: Path) -> None:
    """Remove the largest and a middling book from a copy of the corpus, and search its files."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        copy = Path(name)
        shutil.copy(folder / CORPUS_FILE, copy)
        with closing(SqliteEngine(copy)) as engine:
            engine.nearest(engine.vectors(engine.entries()[0].id)[0], 1, Scope())
            entries = sorted(engine.entries(), key=lambda entry: entry.passages)
            for entry in (entries[-1], entries[len(entries) // 2]):
                _remove(engine, copy, entry.id)
            began = time.perf_counter()
            engine.tidy()
            print(f"tidied in {time.perf_counter() - began:.1f} s")


def _remove(engine: SqliteEngine, folder: Path, document_id: str) -> None:
    own = _own_sentences(engine, document_id)
    query = engine.vectors(document_id)[0]
    passages = engine.entry(document_id).passages
    before = _lingering(folder, own)
    began = time.perf_counter()
    engine.drop(document_id)
    gone = time.perf_counter()
    engine.nearest(query, 10, Scope())
    print(
        f"{passages} passages removed in {gone - began:.2f} s, next search in {time.perf_counter() - gone:.2f} s; the "
        f"files held {before} of {len(own)} sentences of its own, and hold {_lingering(folder, own)}"
    )


def _own_sentences(engine: SqliteEngine, document_id: str) -> list[bytes]:
    """Some sentences of a document, from its beginning to its end, that stand in no other."""
    document = engine.document(document_id)
    spans = [span for passage in engine.passages(document_id) for span in passage.sentences]
    long = [span.cut(document.text)[:SHORTEST] for span in spans if span.end - span.start > SHORTEST]
    own = set(long[:: max(1, len(long) // LOOKED_FOR)])
    for entry in engine.entries():
        if entry.id != document_id:
            text = engine.document(entry.id).text
            own = {sentence for sentence in own if sentence not in text}
    return [sentence.encode() for sentence in own]


def _lingering(folder: Path, sentences: list[bytes]) -> int:
    """How many of the sentences stand in any file."""
    contents = [path.read_bytes() for path in folder.iterdir()]
    return sum(any(sentence in content for content in contents) for sentence in sentences)


def _quantiles(times: list[float]) -> tuple[float, float]:
    cut = statistics.quantiles(times, n=20)
    return cut[9], cut[18]


if __name__ == "__main__":
    main()
