"""An experiment: the embedder, tuned on the reader's lessons.

    python training/embedder.py --data DIR --work FOLDER [--rounds N]

Contrastive: a question's answering passage against the batch's other passages and one of its own story that ranks high
without answering. Prints hit@1 on FairytaleQA val by embeddings alone, by both rankings and with the reader, and of
paragraphs on kept-out SQuAD articles, before and after. Ships nothing: see docs/lab-book.md.
"""

import argparse
import os
import pickle
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from prepare import KEPT_ARTICLES
from questions import Lesson
from sentence_transformers import SentenceTransformer
from torch.nn.functional import cross_entropy, normalize

from storybot.assembly import build
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.embedders.torch_model import model_folder
from storybot.evaluation.fairytaleqa import load
from storybot.evaluation.metrics import is_section_hit
from storybot.model import Passage, Scope, Source
from storybot.settings import read_settings

_BATCH = 48
_RATE = 2e-5
_TEMPERATURE = 0.05


def main() -> None:
    """Measure, tune, measure again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    lessons: list[Lesson] = pickle.loads((arguments.work / "train.pkl").read_bytes())  # noqa: S301 - our own file
    kept: list[Lesson] = pickle.loads((arguments.work / "kept.pkl").read_bytes())  # noqa: S301 - our own file
    os.environ["HF_HUB_OFFLINE"] = "1"
    name = "all-MiniLM-L6-v2"
    embedder = SentenceTransformerEmbedder(name)
    print("before", figures(arguments.data, kept, name, embedder), flush=True)
    model = SentenceTransformer(str(model_folder(name)), device="cpu")
    tune(model, [lesson for lesson in lessons if lesson.kind == "story"], arguments.rounds)
    with tempfile.TemporaryDirectory() as folder:
        model.save(folder)
        print("after", figures(arguments.data, kept, folder, SentenceTransformerEmbedder(folder)))


def figures(data: Path, kept: Sequence[Lesson], name: str, embedder: SentenceTransformerEmbedder) -> dict[str, float]:
    """hit@1 on val in the story (dense, hybrid, with the reader), and of SQuAD's kept paragraphs in their articles."""
    found: dict[str, list[bool]] = {"dense": [], "hybrid": [], "reader": []}
    with tempfile.TemporaryDirectory() as folder:
        bot = build(read_settings(data=Path(folder), model=name, reading_budget_ms=60_000), empty=True)
        for story in load(data / "fairytaleqa", "val"):
            scope = Scope(
                document_ids=(bot.library.add(Source(name=f"{story.name}.txt", data=story.text.encode())).id,)
            )
            for asked in story.questions:
                hits = {
                    "dense": bot.search(asked.text, scope, k=1, mode="dense"),
                    "hybrid": bot.search(asked.text, scope, k=1, rerank=False),
                    "reader": bot.search(asked.text, scope, k=1),
                }
                for kind, (best, *_) in hits.items():
                    found[kind].append(is_section_hit(best.passage.span, asked.gold))
        bot.close()
    found["squad"] = list(_paragraphs(kept, embedder))
    return {kind: round(float(np.mean(each)), 4) for kind, each in found.items()}


def _paragraphs(kept: Sequence[Lesson], embedder: SentenceTransformerEmbedder) -> Iterator[bool]:
    for article in KEPT_ARTICLES:
        asked = [lesson for lesson in kept if lesson.source == article and lesson.references]
        texts = list(dict.fromkeys(lesson.candidates[0].window.text for lesson in asked))
        vectors = np.zeros((len(texts), embedder.dim), dtype=np.float32)
        for places, found in embedder.embed_passages(texts):
            vectors[places] = found
        for lesson in asked:
            best = int((vectors @ embedder.embed_query(lesson.text)).argmax())
            yield texts[best] == lesson.candidates[0].window.text


def tune(model: SentenceTransformer, lessons: Sequence[Lesson], rounds: int) -> None:
    """InfoNCE over the batch's passages. Source: van den Oord et al., 2018; Henderson et al., 2017."""
    torch.manual_seed(1)
    chance = random.Random(1)  # noqa: S311 - not for secrets
    weights = [weight for name, weight in model.named_parameters() if "word_embeddings" not in name]
    optimizer = torch.optim.AdamW(weights, lr=_RATE, fused=True)
    model.train()
    for number in range(rounds):
        order = chance.sample(list(lessons), len(lessons))
        losses = []
        for first in range(0, len(order), _BATCH):
            triples = [made for lesson in order[first : first + _BATCH] if (made := _triple(lesson, chance))]
            asked, right, wrong = (list(each) for each in zip(*triples, strict=True))
            with torch.autocast("cpu", dtype=torch.bfloat16):
                vectors = [
                    normalize(model(model.preprocess(texts))["sentence_embedding"].float(), dim=1)
                    for texts in (asked, right, wrong)
                ]
            scores = vectors[0] @ torch.cat(vectors[1:]).T / _TEMPERATURE
            loss = cross_entropy(scores, torch.arange(len(asked)))
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            optimizer.zero_grad()
            losses.append(float(loss.detach()))
        print(f"round {number + 1}: loss {np.mean(losses):.3f}", flush=True)
    model.eval()


def _triple(lesson: Lesson, chance: random.Random) -> tuple[str, str, str] | None:
    """The question, a passage that answers, one of the same story that doesn't; None where none answers."""
    right: list[Passage] = []
    wrong: list[Passage] = []
    for candidate in (each for each in lesson.candidates if not each.foreign):
        gains = iter(candidate.gains)
        for passage in candidate.window.passages:
            best = max(next(gains) for _ in passage.sentences)
            (right if best >= 1 else wrong if best == 0 else []).append(passage)
    if not right or not wrong:
        return None
    return lesson.text, chance.choice(right).text, chance.choice(wrong[:8]).text


if __name__ == "__main__":
    main()
