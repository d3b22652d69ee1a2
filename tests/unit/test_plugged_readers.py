"""Readers and re-rankers that a user plugs in: any model of the right kind, here tiny ones with weights by chance."""

from pathlib import Path

import pytest
import torch
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    PreTrainedTokenizerFast,
)

from storybot.assembly import build_reader
from storybot.errors import ReaderNotFound
from storybot.model import Passage, Span, Window
from storybot.ports import Reader
from storybot.readers.networks import ShippedWeights
from storybot.settings import read_settings

TEXT = "The fox slept under the bridge."
SPAN = Span(0, len(TEXT))
WINDOW = Window(
    passages=(Passage(document_id="d", span=SPAN, heading="", text=TEXT, sentences=(SPAN,)),),
)


def tiny() -> BertConfig:
    return BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, vocab_size=30522
    )


def save_tokenizer(folder: Path) -> None:
    marks = {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]"}
    file = str(ShippedWeights().folder / "tokenizer.json")
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=file, **marks)  # type: ignore[no-untyped-call]
    tokenizer.save_pretrained(folder)


@pytest.fixture(scope="module")
def extractive(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("extractive")
    torch.manual_seed(0)
    BertForQuestionAnswering(tiny()).save_pretrained(folder)
    save_tokenizer(folder)
    return str(folder)


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("cross-encoder")
    torch.manual_seed(0)
    config = tiny()
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    save_tokenizer(folder)
    return str(folder)


def test_an_extractive_model_reads(extractive: str) -> None:
    reader = build_reader(read_settings(reader=extractive))
    reader.prepare()
    findings = reader.read("Who slept?", [WINDOW])
    assert findings.readings[0].passage.quote(findings.readings[0].answer) in TEXT
    assert 0 < findings.readings[0].confidence < 1
    assert list(findings.relevance) == list(WINDOW.passages)
    assert reader.threshold("balanced") == 0.5


def test_a_cross_encoder_ranks_and_the_reader_answers(cross_encoder: str, reader: Reader) -> None:
    reranked = build_reader(read_settings(reranker=cross_encoder))
    reranked.prepare()
    own, others = reader.read("Who slept?", [WINDOW]), reranked.read("Who slept?", [WINDOW])
    assert others.readings == own.readings
    assert list(others.relevance) == list(own.relevance)
    assert others.relevance != own.relevance
    assert reranked.read("Who slept?", []).readings == ()
    assert reranked.threshold("bold") == reader.threshold("bold")


@pytest.mark.parametrize("setting", ["reader", "reranker"])
def test_a_model_that_is_not_there_is_an_error_which_says_how_to_get_it(setting: str, tmp_path: Path) -> None:
    for name in ("no-such/model", str(tmp_path)):
        with pytest.raises(ReaderNotFound, match="STORYBOT_READER"):
            build_reader(read_settings(**{setting: name})).prepare()
