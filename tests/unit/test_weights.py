"""The shipped weights: what they are, and what happens where they can't be used."""

import hashlib
import json
import logging
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from storybot.errors import ReaderDamaged
from storybot.readers.networks import Network, ShippedWeights

FOLDER = ShippedWeights().folder
LARGEST_BYTES = 50_000_000


@pytest.fixture(scope="module")
def weights() -> ShippedWeights:
    return ShippedWeights()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "weights"))


def scores(weights: ShippedWeights, network: Network, question: str, text: str) -> tuple[float, list[str]]:
    """The relevance, and the words between the best start and the best end."""
    encoding = weights.tokenizer.encode(question, text)
    ids, mask, types = (
        np.array([each], dtype=np.int64) for each in (encoding.ids, encoding.attention_mask, encoding.type_ids)
    )
    relevance, tokens = network(ids, mask, types)
    start, end = (int(tokens[0, :, column].argmax()) for column in (0, 1))
    return float(relevance[0]), encoding.tokens[start : end + 1]


def test_every_file_is_small_and_has_its_checksum(weights: ShippedWeights) -> None:
    assert set(weights.card["sha256"]) == {"reader.onnx", "reader.safetensors", "tokenizer.json"}
    for name in weights.card["sha256"]:
        assert len(weights._checked(name)) < LARGEST_BYTES


def test_both_networks_say_the_same(weights: ShippedWeights) -> None:
    probe = weights.card["probe"]
    eight_bits, exact = (
        scores(weights, network, probe["question"], probe["text"]) for network in (weights.onnx(), weights.torch())
    )
    assert eight_bits[0] == pytest.approx(exact[0], abs=0.5)
    assert exact[0] == pytest.approx(probe["relevance"], abs=0.01)
    assert eight_bits[1] == exact[1] == ["the", "fox"]


@pytest.mark.parametrize("name", ["reader.onnx", "tokenizer.json"])
def test_a_changed_file_is_refused_by_name(copy: Path, name: str) -> None:
    file = copy / name
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(ReaderDamaged, match=f"{name}.*checksum is wrong.*Install storybot again"):
        ShippedWeights(copy).network  # noqa: B018 - loads


def test_a_missing_file_and_a_broken_card_are_refused(copy: Path) -> None:
    (copy / "reader.onnx").unlink()
    with pytest.raises(ReaderDamaged, match=r"reader.onnx.*No such file"):
        ShippedWeights(copy).network  # noqa: B018 - loads
    (copy / "reader.json").write_text("{")
    with pytest.raises(ReaderDamaged, match=r"reader\.json"):
        ShippedWeights(copy).card  # noqa: B018 - loads


def test_without_onnx_runtime_torch_reads(
    weights: ShippedWeights, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with caplog.at_level(logging.WARNING):
        network = ShippedWeights().network
    assert "runs on torch" in caplog.text
    assert scores(weights, network, "Who barked?", "The dog barked.")[1] == ["the", "dog"]


def test_a_network_that_computes_wrong_is_not_used(copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    card = json.loads((copy / "reader.json").read_text("utf8"))
    card["probe"]["relevance"] += 3
    (copy / "reader.json").write_text(json.dumps(card), encoding="utf8")
    with caplog.at_level(logging.WARNING):
        assert ShippedWeights(copy).network is not None
    assert "misses the probe's relevance by" in caplog.text


def test_a_network_that_onnx_runtime_cannot_load_is_read_by_torch(copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    (copy / "reader.onnx").write_bytes(b"not a network")
    card = json.loads((copy / "reader.json").read_text("utf8"))
    card["sha256"]["reader.onnx"] = hashlib.sha256(b"not a network").hexdigest()
    (copy / "reader.json").write_text(json.dumps(card), encoding="utf8")
    with caplog.at_level(logging.WARNING):
        assert ShippedWeights(copy).network is not None
    assert "runs on torch" in caplog.text


def test_a_card_that_lacks_something_is_refused(copy: Path) -> None:
    (copy / "reader.json").write_text("{}")
    with pytest.raises(ReaderDamaged, match="it lacks calibration, layers"):
        ShippedWeights(copy).card  # noqa: B018 - loads
