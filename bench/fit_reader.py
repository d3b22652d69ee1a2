"""Fit the lexical reader's weights.

    PYTHONPATH=src python bench/fit_reader.py --data DIR [--cache FOLDER] [--check | --val]

DIR holds FairytaleQA, the open SQuAD 2.0 articles and the scoring kit (data/, kit/). Ranking: FairytaleQA train.
Confidence: train, questions made unanswerable, and a part of the SQuAD articles. FairytaleQA val is for `--val` alone.
"""

import argparse
import json
import pickle
import re
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from reader_cases import Case, build, with_other_people
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from storybot.model import Span
from storybot.readers.features import DOUBTS, FEATURES, Sheet, doubts, lay_out
from storybot.readers.lexical import LexicalReader, Weights, ranked
from storybot.readers.questions import KINDS, ask

WEIGHTS = Path(__file__).parents[1] / "src/storybot/readers/weights.json"
HELD_OUT = ("Warsaw", "Rhine", "Oxygen", "Black_Death", "Huguenot", "Sky_(United_Kingdom)", "Construction")
SQUAD_STEP = 6
"""SQuAD's unanswerable questions are made to share the text's words: with many of them, words would tell nothing."""
Ranking = dict[str, list[float]]


@dataclass(frozen=True)
class Example:
    """A case laid out, with the lines that answer it."""

    case: Case
    sheet: Sheet
    right: frozenset[int]


def cases(data: Path, split: str, cache: Path | None) -> list[Case]:
    """The cases of a split; embedding them takes minutes, so a cache folder is welcome."""
    file = cache / f"{split}.pkl" if cache else None
    if file and file.exists():
        kept: list[Case] = pickle.loads(file.read_bytes())  # noqa: S301 - our own file
        return kept
    made = build(data, split)
    if file:
        file.write_bytes(pickle.dumps(made))
    return made


def example(case: Case) -> Example:
    """The case laid out. A line is right if half of a gold span lies in it, or the line in the span."""
    sheet = lay_out(ask(case.question), case.hits)
    return Example(case, sheet, frozenset(i for i, line in enumerate(sheet.lines) if _is_gold(line.span, case.gold)))


def _is_gold(span: Span, gold: Sequence[Span]) -> bool:
    shared = (max(0, min(span.end, g.end) - max(span.start, g.start)) for g in gold)
    return any(2 * s >= min(g.end - g.start, span.end - span.start) for s, g in zip(shared, gold, strict=True))


def fit_ranking(examples: Sequence[Example]) -> Ranking:
    """Conditional logit over each question's sentences: shared weights, and each kind's own on top, shrunk harder."""
    known = [each for each in examples if each.right]
    kinds = torch.tensor([KINDS.index(each.sheet.question.kind) for each in known])
    longest = max(len(each.sheet.lines) for each in known)
    values = torch.zeros(len(known), longest, len(FEATURES))
    mask = torch.full((len(known), longest), -1e9)
    gold = torch.full((len(known), longest), -1e9)
    for i, each in enumerate(known):
        values[i, : len(each.sheet.lines)] = torch.tensor([line.features for line in each.sheet.lines])
        mask[i, : len(each.sheet.lines)] = 0
        gold[i, list(each.right)] = 0
    shared = torch.zeros(len(FEATURES), requires_grad=True)
    own = torch.zeros(len(KINDS), len(FEATURES), requires_grad=True)
    optimiser = torch.optim.LBFGS([shared, own], max_iter=150, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        scores = (values * (shared + own[kinds]).unsqueeze(1)).sum(-1) + mask
        value = (
            (scores.logsumexp(1) - (scores + gold).logsumexp(1)).sum() + 0.1 * (shared**2).sum() + 5 * (own**2).sum()
        )
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    table = {"any": shared.tolist()} | {kind: own[i].tolist() for i, kind in enumerate(KINDS)}
    return {kind: [round(value, 3) for value in row] for kind, row in table.items()}


def confidence_row(each: Example, ranking: Ranking) -> tuple[list[float], bool]:
    """Features of the first reading's confidence, and whether that reading is right."""
    order = ranked(each.sheet, ranking)
    line, chance = order[0]
    rival = order[1][1] if len(order) > 1 else 0.0
    spot = next(i for i, other in enumerate(each.sheet.lines) if other is line)
    kind = [float(each.sheet.question.kind == name) for name in KINDS]
    return [*doubts(each.sheet, line, chance, chance - rival), *kind], spot in each.right


def fit_confidence(examples: Sequence[Example], ranking: Ranking) -> tuple[list[float], dict[str, float]]:
    """Logistic regression on first readings; implicit questions have no known sentence and stay out."""
    known = [each for each in examples if each.right or not each.case.answerable]
    rows = [confidence_row(each, ranking) for each in known]
    x, y = np.array([row for row, _ in rows]), np.array([right for _, right in rows])
    model = LogisticRegression(C=0.3, max_iter=3000).fit(x, y)
    weights, kinds = model.coef_[0][: len(DOUBTS)], model.coef_[0][len(DOUBTS) :] + model.intercept_[0]
    return [round(float(w), 3) for w in weights], {k: round(float(b), 3) for k, b in zip(KINDS, kinds, strict=True)}


def fit(stories: Sequence[Example], articles: Sequence[Example]) -> Weights:
    """All the weights."""
    ranking = fit_ranking([each for each in stories if each.case.source == "own"])
    doubt, bias = fit_confidence([*stories, *articles], ranking)
    return Weights(ranking=ranking, doubt=doubt, bias=bias)


def report(examples: Sequence[Example], reader: LexicalReader) -> None:
    """Print what the reader makes of the cases, by their source and by threshold."""
    import metrics  # type: ignore[import-not-found]  # noqa: PLC0415 - the kit's folder comes with `--data`

    rows = [_judge(each, reader) for each in examples]
    own = [row for row in rows if row["answerable"]]
    known = [row for row in own if row["known"]]
    print(
        f"sentence accuracy {_mean(known, 'right'):.3f} of {len(known)} (in the hits: {_mean(known, 'reachable'):.3f})"
    )
    for name, score in (("ROUGE-L", metrics.rouge_l), ("F1", metrics.token_f1), ("EM", metrics.exact_match)):
        scores = [score(row["text"], row["case"].answers) for row in own]
        parts = [[x for x, row in zip(scores, own, strict=True) if row["case"].explicit == e] for e in (True, False)]
        print(f"{name}: all {np.mean(scores):.3f}", *(f"{np.mean(part):.3f}" for part in parts if part))
    sources = sorted({row["case"].source for row in rows if not row["answerable"]})
    groups = {
        source: [row for row in rows if row["case"].source == source and not row["answerable"]] for source in sources
    }
    for source, group in groups.items():
        labels = [row["answerable"] for row in own + group]
        print(f"AUROC against {source}: {metrics.auroc([row['confidence'] for row in own + group], labels):.3f}")
    judged = known + [row for row in rows if not row["answerable"]]
    print(f"ECE {_error(judged):.3f}; read() p50 {1000 * float(np.median([row['seconds'] for row in rows])):.1f} ms")
    for threshold in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        answered = [row for row in known if row["confidence"] >= threshold]
        cells = [
            f"{name} {np.mean([row['confidence'] >= threshold for row in rows_]):.3f}" for name, rows_ in groups.items()
        ]
        kept = [row["text"] if row["confidence"] >= threshold else "" for row in own]
        rouge = np.mean([metrics.rouge_l(text, row["case"].answers) for text, row in zip(kept, own, strict=True)])
        share = np.mean([row["confidence"] >= threshold for row in own])
        print(
            f"t {threshold:.2f}: answers {share:.3f}, right then {_mean(answered, 'right'):.3f}, ROUGE-L {rouge:.3f} |",
            *cells,
        )


def _judge(each: Example, reader: LexicalReader) -> dict[str, Any]:
    start = time.perf_counter()
    readings = reader.read(each.case.question, each.case.hits)
    seconds = time.perf_counter() - start
    first = readings[0] if readings else None
    return {
        "case": each.case,
        "answerable": each.case.answerable,
        "known": bool(each.case.gold),
        "seconds": seconds,
        "reachable": bool(each.right),
        "right": bool(first and _is_gold(first.sentence, each.case.gold)),
        "confidence": first.confidence if first else 0.0,
        "text": first.passage.quote(first.answer) if first else "",
    }


def _mean(rows: Sequence[dict[str, Any]], key: str) -> float:
    return float(np.mean([row[key] for row in rows])) if rows else float("nan")


def _error(rows: Sequence[dict[str, Any]]) -> float:
    """Expected calibration error in ten bins. Source: Naeini et al., 2015."""
    confidence, right = np.array([row["confidence"] for row in rows]), np.array([row["right"] for row in rows])
    bins = np.minimum((10 * confidence).astype(int), 9)
    return float(sum(abs((confidence - right)[bins == i].sum()) for i in range(10)) / len(rows))


def _examples(found: Sequence[Case]) -> list[Example]:
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(example, found, chunksize=100))


def _train(options: argparse.Namespace) -> list[Example]:
    found = cases(options.data, "train", options.cache)
    return _examples(found + with_other_people([case for case in found if case.source == "own"]))


def _squad(options: argparse.Namespace, *, held_out: bool) -> list[Example]:
    found = cases(options.data, "squad", options.cache)
    chosen = [case for case in found if (case.document in HELD_OUT) == held_out]
    return _examples(chosen if held_out else chosen[::SQUAD_STEP])


def check(options: argparse.Namespace) -> None:
    """Fit on four fifths of the stories and judge on the rest: the table the threshold is chosen by."""
    stories = _train(options)
    names = sorted({each.case.document for each in stories})[::5]
    fitted = fit([each for each in stories if each.case.document not in names], _squad(options, held_out=False))
    reader = LexicalReader(fitted)
    report([each for each in stories if each.case.document in names], reader)


def main() -> None:
    """Fit and write, check, or judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with data/ and kit/")
    parser.add_argument("--cache", type=Path, help="folder to keep the embedded questions in")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="fit on some of the train stories, judge on the others")
    mode.add_argument("--val", action="store_true", help="judge the shipped weights on val and the articles held out")
    options = parser.parse_args()
    sys.path.insert(0, str(options.data / "kit"))
    if options.check:
        check(options)
    elif options.val:
        report(_examples(cases(options.data, "val", options.cache)), LexicalReader())
        report(_squad(options, held_out=True), LexicalReader())
    else:
        weights = fit(_train(options), _squad(options, held_out=False))
        WEIGHTS.write_text(_pretty(weights), "utf8")


def _pretty(weights: Weights) -> str:
    """JSON with a line for each row of numbers."""
    text = json.dumps(asdict(weights), indent=2)
    return re.sub(r"\[[^\[\]]*\]", lambda row: " ".join(row.group().split()), text) + "\n"


if __name__ == "__main__":
    main()
