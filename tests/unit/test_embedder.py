import threading
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder, _batches
from storybot.embedders.turns import Turns
from storybot.errors import ModelNotFound
from storybot.model import Vectors


def embed(embedder: SentenceTransformerEmbedder, texts: list[str]) -> Vectors:
    vectors = np.zeros((len(texts), embedder.dim), dtype=np.float32)
    for places, found in embedder.embed_passages(texts):
        assert found.dtype == np.float32
        vectors[places] = found
    return vectors


def test_vectors_are_unit_rows_at_the_places_of_their_texts(embedder: SentenceTransformerEmbedder) -> None:
    texts = [f"A fox ran {'on and ' * (n % 7)}home {n}." for n in range(40)]
    vectors = embed(embedder, texts)
    assert vectors.shape == (40, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(vectors[:3], np.vstack([embed(embedder, [text]) for text in texts[:3]]), atol=1e-5)


def test_batches_hold_each_text_once_and_fewer_of_the_long() -> None:
    batches = list(_batches(["", *["fox " * 1100] * 3, *["狐" * 400] * 5, *["A fox. "] * 1000]))
    assert sorted(chain(*batches)) == list(range(1009))
    assert [len(batch) for batch in batches[:5]] == [1, 1, 1, 3, 2 + 1]
    assert max(len(batch) for batch in batches) < 400


def test_no_texts_give_no_vectors(embedder: SentenceTransformerEmbedder) -> None:
    assert list(embedder.embed_passages([])) == []


def test_a_question_is_near_what_it_asks_for(embedder: SentenceTransformerEmbedder) -> None:
    vectors = embed(embedder, ["She played the balalaika.", "The tax office is closed."])
    near, far = vectors @ embedder.embed_query("What instrument did she play?")
    assert near > far + 0.2


def test_tokens_are_the_models_own_and_never_cut_off(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.count_tokens(["", "fox", "a fox ran", "fox " * 1000]) == [0, 1, 3, 1000]
    assert embedder.max_tokens == 254


def test_the_revision_of_a_model_stays_what_it_was(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.revision == "all-MiniLM-L6-v2@2c705a5e3279"
    assert embedder.runtime == "ONNX Runtime, float32"


@pytest.mark.parametrize("model", ["no-such-model", "some/model"])
def test_a_model_that_is_not_there_is_an_error_which_says_how_to_get_it(model: str) -> None:
    with pytest.raises(ModelNotFound, match=f"hf download {model}"):
        SentenceTransformerEmbedder(model).embed_query("A fox?")


def test_a_folder_that_holds_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="STORYBOT_MODEL"):
        SentenceTransformerEmbedder(str(tmp_path), cache=tmp_path / "models").embed_query("A fox?")
    assert not (tmp_path / "models").exists()


def test_a_question_goes_before_the_next_batch() -> None:
    turns, order = Turns(), []
    waiting = threading.Barrier(3)

    def work(name: str, *, urgent: bool) -> None:
        waiting.wait()
        with turns.take(urgent=urgent):
            order.append(name)

    with turns.take(urgent=False):
        threads = [threading.Thread(target=work, args=("batch",), kwargs={"urgent": False})]
        threads += [threading.Thread(target=work, args=("question",), kwargs={"urgent": True})]
        for thread in threads:
            thread.start()
        waiting.wait()
        while not turns._urgent:
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    assert order == ["question", "batch"]
