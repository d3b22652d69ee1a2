"""What storybot tells of whole books, to be judged by a person who knows them, and how long it takes.

    python bench/overviews.py --data BOOKS [--only Alice ...]

`--data` names a folder with text files, looked for in all folders beneath it. The seconds are of the overview alone,
of a book that is in the corpus, its questions tried included: by the parts that ship, in a corpus of its own.
"""

import argparse
import tempfile
import time
from pathlib import Path

from storybot.assembly import House, build_house
from storybot.model import Overview, Source, Span
from storybot.settings import read_settings

_SHOWN = 15


def main() -> None:
    """Print each book's overview."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--only", nargs="*", default=[""])
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        house = build_house(read_settings(data=Path(folder)), empty=True)
        house.bot.prepare()
        for path in sorted(chosen.data.rglob("*.txt")):
            if any(part.casefold() in path.name.casefold() for part in chosen.only):
                tell(house, path)
        if house.describer:
            house.describer.stop()
        house.close()


def tell(house: House, path: Path) -> None:
    """Describe a book, and print what is told of it."""
    library, describer = house.bot.library, house.describer
    assert describer
    began = time.perf_counter()
    entry = library.add(Source(name=path.name, data=path.read_bytes()))
    taken = time.perf_counter()
    describer.describe(entry.id)
    done = time.perf_counter()
    overview = library.overview(entry.id)
    assert overview
    print(f"\n# {path.name}: {entry.words} words, added in {taken - began:.1f} s", end=", ")
    print(f"overview in {done - taken:.1f} s", flush=True)
    show(library.document(entry.id).text, overview)


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
