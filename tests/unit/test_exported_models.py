"""Models that were exported from torch: what runs them, and the cache that they lie in."""

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel

from storybot.embedders import runtimes
from storybot.embedders.exported import Unusable, open_exported, place
from storybot.embedders.exporting import export
from storybot.embedders.runtimes import Runtime, choose
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.embedders.torch_model import TorchModel, model_folder
from storybot.settings import BackendName

PLAIN = Runtime(library="onnx")
EIGHT = Runtime(library="onnx", precision="int8")
OPENVINO = Runtime(library="openvino")
BFLOAT16 = Runtime(library="openvino", precision="bfloat16")
TEXTS = ["A Fox.", "", "Über allen Gipfeln ist Ruh'. 狐", "The hen laid a silver egg on the hill. " * 12]


@pytest.fixture(scope="module")
def torch_model() -> TorchModel:
    return TorchModel("all-MiniLM-L6-v2")


@pytest.fixture(scope="module")
def cache(torch_model: TorchModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the export of the model that ships."""
    made = tmp_path_factory.mktemp("models")
    source = model_folder("all-MiniLM-L6-v2")
    assert source
    export(torch_model, place(made, "all-MiniLM-L6-v2", source), [PLAIN, EIGHT])
    return made


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of random weights with prompts, which is exported in a moment."""
    parts, folder = tmp_path_factory.mktemp("parts"), tmp_path_factory.mktemp("small")
    source = model_folder("all-MiniLM-L6-v2")
    assert source
    torch.manual_seed(1)
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    BertModel(config).save_pretrained(parts)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        shutil.copy(source / name, parts)
    modules = [Transformer(str(parts), max_seq_length=30), Pooling(32), Normalize()]
    prompts = {"query": "What it asks: ", "passage": "It is told that "}
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder))
    return folder


@pytest.fixture
def exported(small: Path, tmp_path: Path) -> Path:
    """The folder of the small model's export."""
    folder = place(tmp_path / "models", str(small), small)
    export(TorchModel(str(small)), folder, [PLAIN])
    return folder


@pytest.mark.parametrize("runtime", [PLAIN, OPENVINO, BFLOAT16, EIGHT], ids=str)
def test_each_runtime_embeds_as_torch_does(torch_model: TorchModel, cache: Path, runtime: Runtime) -> None:
    (folder,) = cache.iterdir()
    model = open_exported(folder, [runtime])
    likeness = (model.embed_passages(TEXTS) * torch_model.embed_passages(TEXTS)).sum(axis=1)
    assert likeness.min() > (0.95 if runtime == EIGHT else 0.999)
    question = "What did the fox under the bridge know of the hen?"
    assert model.embed_query(question) @ torch_model.embed_query(question) > runtime.least_likeness
    assert (model.dim, model.max_tokens) == (torch_model.dim, torch_model.max_tokens)
    assert model.revision == torch_model.revision + ("+int8" if runtime == EIGHT else "")
    assert model.runtime == str(runtime)


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_the_next_process_imports_no_torch_and_tells_nobody(cache: Path, tmp_path: Path, backend: BackendName) -> None:
    program = f"""
import sys
from pathlib import Path
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
embedder = SentenceTransformerEmbedder("all-MiniLM-L6-v2", cache=Path({str(cache)!r}), backend={backend!r})
embedder.embed_query("Who?"), list(embedder.embed_passages(["A fox."])), embedder.count_tokens(["A fox."])
loaded = [each for each in ("torch", "transformers", "openvino_telemetry") if sys.modules.get(each)]
print(embedder.revision, embedder.dim, embedder.max_tokens, loaded)
"""
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    mark = choose(backend)[0].mark  # eight bits, where the processor has instructions for them
    assert done.stdout == f"all-MiniLM-L6-v2@2c705a5e3279{mark} 384 254 []\n"
    assert list(tmp_path.iterdir()) == []


def test_prompts_stand_before_passages_and_questions(small: Path, exported: Path) -> None:
    model, torchs = open_exported(exported, [PLAIN]), TorchModel(str(small))
    np.testing.assert_allclose(model.embed_passages(TEXTS), torchs.embed_passages(TEXTS), atol=1e-5)
    np.testing.assert_allclose(model.embed_query("Who?"), torchs.embed_query("Who?"), atol=1e-5)
    assert abs(model.embed_query("Who?") @ model.embed_passages(["Who?"])[0]) < 0.999
    assert model.max_tokens == torchs.max_tokens == 30 - 2 - 4


def _cut_off(folder: Path) -> None:
    (folder / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:10_000])


def _forget_the_card(folder: Path) -> None:
    (folder / "card.json").write_text("{", "utf8")


def _be_foreign(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text("utf8"))
    (folder / "card.json").write_text(json.dumps(card | {"probe": card["probe"][::-1]}), "utf8")


def _lack_the_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


@pytest.mark.parametrize("spoil", [_cut_off, _forget_the_card, _be_foreign, _lack_the_tokenizer])
def test_an_export_that_is_spoilt_is_made_anew(small: Path, exported: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(exported)
    with pytest.raises(Unusable):
        open_exported(exported, [PLAIN])
    embedder = SentenceTransformerEmbedder(str(small), cache=exported.parent, backend="onnx")
    assert embedder.runtime == "ONNX Runtime, float32"
    assert open_exported(exported, [PLAIN]).revision == embedder.revision


def test_a_changed_model_is_exported_again_and_its_old_export_goes(small: Path, exported: Path) -> None:
    changed = small.parent / "changed" / small.name
    shutil.copytree(small, changed, copy_function=shutil.copy, dirs_exist_ok=True)
    (exported.parent / ".unfinished-1").mkdir()
    os.utime(exported.parent / ".unfinished-1", (0, 0))
    embedder = SentenceTransformerEmbedder(str(changed), cache=exported.parent, backend="onnx")
    assert embedder.runtime == "ONNX Runtime, float32"
    (left,) = exported.parent.iterdir()
    assert left != exported


def test_a_cache_that_cannot_be_written_leaves_torch(
    small: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "models").write_text("in the way")
    embedder = SentenceTransformerEmbedder(str(small), cache=tmp_path / "models", backend="onnx")
    assert embedder.runtime == "torch, float32"
    assert "more slowly than they could be: the export failed" in caplog.text


def test_without_the_exporters_package_torch_embeds(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    embedder = SentenceTransformerEmbedder(str(small), cache=tmp_path, backend="onnx")
    assert embedder.runtime == "torch, float32"
    assert "onnx is not installed" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_of_two_processes_that_export_at_once_the_first_wins(
    small: Path, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (exported / "card.json").stat().st_ino
    # What the other process put there comes after this one removed what it found.
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    export(TorchModel(str(small)), exported, [PLAIN])
    assert (exported / "card.json").stat().st_ino == before


def test_without_onnx_runtime_torch_embeds(
    small: Path, exported: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    embedder = SentenceTransformerEmbedder(str(small), cache=exported.parent, backend="onnx")
    assert embedder.runtime == "torch, float32"
    assert "ONNX Runtime, float32" in caplog.text


def test_a_runtime_that_is_not_installed_leaves_the_next(
    small: Path, exported: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    embedder = SentenceTransformerEmbedder(str(small), cache=exported.parent, backend="openvino")
    assert embedder.runtime == "ONNX Runtime, float32"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "OpenVINO" in caplog.text


def test_only_plain_transformers_are_exported(small: Path, tmp_path: Path) -> None:
    model = TorchModel(str(small))
    model.loaded[1].include_prompt = False  # type: ignore[assignment]
    with pytest.raises(Unusable, match="prompt"):
        export(model, tmp_path / "export", [PLAIN])
    model.loaded.append(torch.nn.Identity())
    with pytest.raises(Unusable, match="Identity"):
        export(model, tmp_path / "export", [PLAIN])


@pytest.mark.parametrize(
    ("flags", "parts", "backend", "first"),
    [
        ("avx512_bf16 avx512_vnni", {"openvino"}, "auto", BFLOAT16),
        ("amx_bf16", {"openvino"}, "openvino", BFLOAT16),
        ("avx512_bf16 avx512_vnni", set(), "auto", EIGHT),
        ("avx_vnni", {"openvino"}, "auto", EIGHT),
        ("avx2", {"openvino"}, "auto", PLAIN),
        ("avx2", {"openvino"}, "openvino", OPENVINO),
        ("avx512_bf16 avx512_vnni", {"openvino"}, "onnx", EIGHT),
    ],
)
def test_the_fastest_runtime_that_the_processor_suits_comes_first(  # noqa: PLR0913 - what it depends on
    *, flags: str, parts: set[str], backend: str, first: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor : 0\nflags\t\t: fpu {flags}\n\nprocessor : 1\n", "utf8")
    monkeypatch.setattr(runtimes, "find_spec", lambda name: name in parts or None)
    chosen = choose(backend, tmp_path / "cpuinfo")  # type: ignore[arg-type]
    assert chosen[0] == first
    assert chosen[-1] == PLAIN


def test_where_nothing_is_known_of_the_processor_plain_numbers_serve(tmp_path: Path) -> None:
    assert choose("auto", tmp_path / "none") == [PLAIN]
    (tmp_path / "cpuinfo").write_text("Features : bf16 i8mm\n", "utf8")
    assert choose("auto", tmp_path / "cpuinfo") == [PLAIN]
    assert choose("torch", tmp_path / "cpuinfo") == []
