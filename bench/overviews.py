"""What storybot tells of whole books, to be judged by a person who knows them, and how long it takes.

    python bench/overviews.py --data BOOKS [--only Alice ...]

`--data` names a folder with text files, looked for in all folders beneath it. The seconds are of the overview alone,
of a book that is in the corpus, its questions tried included.
"""

import argparse
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import build_library, build_reader
from storybot.bot import Storybot
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.memory import MemoryEngine
from storybot.english import English
from storybot.finders.names import EnglishNames
from storybot.generators.parsed import ParsedQuestions
from storybot.model import Overview, Source, Span, Vectors
from storybot.overviewing import describe
from storybot.settings import read_settings

_SHOWN = 15


def main() -> None:
    """Print each book's overview."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--only", nargs="*", default=[""])
    chosen = options.parse_args()
    settings, engine = read_settings(), MemoryEngine()
    embedder = SentenceTransformerEmbedder(settings.model, cache=settings.data / "models", backend=settings.backend)
    library = build_library(settings, engine, embedder)
    bot = Storybot(settings, engine, embedder, build_reader(settings), ReadingAnswerer(), library=library)
    bot.prepare()
    english = English()
    names, generator = EnglishNames(english), ParsedQuestions(english)

    def embed(texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), embedder.dim), dtype=np.float32)
        for places, batch in embedder.embed_passages(texts):
            vectors[list(places)] = batch
        return vectors

    for path in sorted(chosen.data.rglob("*.txt")):
        if any(part.casefold() in path.name.casefold() for part in chosen.only):
            began = time.perf_counter()
            entry = library.add(Source(name=path.name, data=path.read_bytes()))
            taken = time.perf_counter()
            document = engine.document(entry.id)
            overview = describe(
                document,
                engine.passages(entry.id),
                engine.vectors(entry.id),
                find=names.find,
                embed=embed,
                generate=generator.generate,
                answered=partial(bot.answered, document=document),
                pulse=lambda: None,
            )
            done = time.perf_counter()
            print(f"\n# {path.name}: {entry.words} words, added in {taken - began:.1f} s", end=", ")
            print(f"overview in {done - taken:.1f} s", flush=True)
            show(document.text, overview)
    english.close()
    bot.close()


def show(text: str, overview: Overview) -> None:
    """Print it for people."""
    for kind in ("person", "place", "thing"):
        named = [entity for entity in overview.entities if entity.kind == kind][:_SHOWN]
        told = (
            f"{each.name} {len(each.mentions)}" + f" ({', '.join(each.aliases[:4])})" * bool(each.aliases)
            for each in named
        )
        print(f"{kind}: {'; '.join(told)}")
    print("summary:", *(f"  - {flat(text, span)}" for span in overview.summary), sep="\n")
    for chapter in overview.chapters:
        print(chapter.heading, *(f"  - {flat(text, span)}" for span in chapter.sentences), sep="\n")
    print("questions:")
    for prompt in overview.prompts:
        print(f"  {prompt.confidence:.2f} {prompt.question}  <- {flat(text, prompt.sentence)[:160]}")


def flat(text: str, span: Span) -> str:
    """The letters of a span in one line."""
    return " ".join(span.cut(text).split())


if __name__ == "__main__":
    main()
