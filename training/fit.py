"""Train the reader.

    python training/fit.py --lessons FOLDER [--config training/reader.toml] [--steps N]

FOLDER holds what `prepare.py` wrote. A checkpoint is written every few minutes beside it, and a run that was cut off
goes on from there: the batches are the same for the same seed.
"""

import argparse
import pickle
import time
import tomllib
from itertools import islice
from pathlib import Path
from typing import Any

import start
import torch
from batches import UNKNOWN, Batch, batches
from network import begin
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy

from storybot.readers.network import ReaderNetwork

_CONFIG = Path(__file__).with_name("reader.toml")
_REPORT_STEPS = 50
_MASKED = -1e4


def main() -> None:
    """Train, or go on training, until all steps are done; the last weights are `reader.pt`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=_CONFIG)
    parser.add_argument("--name", default="reader")
    parser.add_argument("--steps", type=int, default=0, help="stop after so many steps, the schedule as configured")
    arguments = parser.parse_args()
    config = tomllib.loads(arguments.config.read_text("utf8"))
    torch.manual_seed(config["seed"])
    network = begin(arguments.lessons)
    train(network, arguments.lessons, config, name=arguments.name, stop=arguments.steps or config["steps"])
    torch.save(network.state_dict(), arguments.lessons / f"{arguments.name}.pt")


def train(network: ReaderNetwork, folder: Path, config: dict[str, Any], *, name: str, stop: int) -> None:
    """Run the steps that are still to do."""
    lessons = pickle.loads((folder / "train.pkl").read_bytes())  # noqa: S301 - our own file
    tokenizer = Tokenizer.from_file(str(start.fetch(folder) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    trained = [p for p in network.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": config["weight_decay"]},
        {"params": [p for p in trained if p.ndim == 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=config["learning_rate"], fused=True)
    file = folder / f"{name}.checkpoint"
    done = 0
    if file.exists():
        kept = torch.load(file)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        done = kept["done"]
        if kept["config"] != config:
            message = f"{file} was made with another configuration: move it away to train anew"
            raise ValueError(message)
        print(f"going on after step {done}", flush=True)
    saved = began = time.monotonic()
    sums = torch.zeros(3)
    tokens = 0
    for step, batch in enumerate(islice(batches(lessons, tokenizer, config), done, stop), start=done):
        for group in optimizer.param_groups:
            group["lr"] = config["learning_rate"] * _share(step, config)
        span, relevance = losses(network, batch)
        loss = span + config["relevance_weight"] * relevance
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        sums += torch.tensor([float(span.detach()), float(relevance.detach()), 1.0])
        tokens += batch.input_ids.numel()
        if (step + 1) % _REPORT_STEPS == 0:
            rate = tokens / (time.monotonic() - began)
            print(
                f"step {step + 1}/{config['steps']} span {sums[0] / sums[2]:.3f} relevance {sums[1] / sums[2]:.3f} "
                f"{rate:.0f} tokens/s, {(time.monotonic() - began) / 60:.1f} min",
                flush=True,
            )
            sums.zero_()
        if time.monotonic() - saved > 60 * config["checkpoint_minutes"]:
            saved = time.monotonic()
            _save(file, network, optimizer, config, step + 1)
    _save(file, network, optimizer, config, max(done, stop))


def _save(
    file: Path, network: ReaderNetwork, optimizer: torch.optim.Optimizer, config: dict[str, Any], done: int
) -> None:
    new = file.with_suffix(".new")
    torch.save(
        {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "config": config, "done": done}, new
    )
    new.replace(file)


def _share(step: int, config: dict[str, Any]) -> float:
    """The share of the learning rate at a step: up, then down to nothing in a straight line."""
    warm: float = min(1.0, (step + 1) / config["warmup_steps"])
    falling: float = max(0.02, 1 - step / config["steps"])
    return warm * falling


def losses(network: ReaderNetwork, batch: Batch) -> tuple[Tensor, Tensor]:
    """Mean loss of the answer's start and end, and of the choice of sentence among all windows of a question."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        relevance, scores = network(batch.input_ids, batch.attention_mask, batch.token_type_ids)
    relevance, scores = relevance.float(), scores.float()
    # Only the window's own tokens and [CLS] can be chosen.
    allowed = batch.sentence_of >= 0
    allowed[:, 0] = True
    start_scores = scores[..., 0].masked_fill(~allowed, _MASKED)
    end_scores = scores[..., 1].masked_fill(~allowed, _MASKED)
    span = scores.sum() * 0
    if bool((batch.start != UNKNOWN).any()):
        span = (
            cross_entropy(start_scores, batch.start, ignore_index=UNKNOWN)
            + cross_entropy(end_scores, batch.end, ignore_index=UNKNOWN)
        ) / 2
    return span, choice_loss(relevance, scores[..., 2], batch)


def choice_loss(relevance: Tensor, evidence: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy between the gains and the softmax over all sentences of all windows of one question."""
    most = batch.gains.shape[1]
    slots = torch.arange(most)
    member = (batch.sentence_of[:, None, :] == slots[None, :, None]).float()
    counts = member.sum(-1)
    means = (member * evidence[:, None, :]).sum(-1) / counts.clamp(min=1)
    real = (batch.gains >= 0) & (counts > 0)
    scores = (relevance[:, None] + means).masked_fill(~real, _MASKED)
    gains = batch.gains.clamp(min=0) * real
    total = scores.sum() * 0
    asked = 0
    for number in sorted(set(batch.group.tolist())):
        mine = batch.group == number
        wanted = gains[mine].flatten()
        if wanted.sum() > 0 and int(real[mine].sum()) > 1:
            total = total + cross_entropy(scores[mine].flatten()[None], (wanted / wanted.sum())[None])
            asked += 1
    return total / max(asked, 1)


if __name__ == "__main__":
    main()
