import threading
from pathlib import Path

import numpy as np
import pytest

from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder, _Turns
from storybot.errors import ModelNotFound


def test_vectors_are_unit_rows_in_the_order_of_the_texts(embedder: SentenceTransformerEmbedder) -> None:
    texts = [f"A fox ran {'on and ' * (n % 7)}home {n}." for n in range(40)]
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (40, embedder.dim) == (40, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    alone = np.stack([embedder.embed_passages([text])[0] for text in texts[:3]])
    np.testing.assert_allclose(vectors[:3], alone, atol=1e-5)


def test_progress_tells_true_fractions(embedder: SentenceTransformerEmbedder) -> None:
    told: list[tuple[int, int]] = []
    embedder.embed_passages(["A fox."] * 40, lambda done, total: told.append((done, total)))
    assert told == [(16, 40), (32, 40), (40, 40)]


def test_no_texts_give_no_vectors(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)


def test_a_question_is_near_what_it_asks_for(embedder: SentenceTransformerEmbedder) -> None:
    vectors = embedder.embed_passages(["She played the balalaika.", "The tax office is closed."])
    near, far = vectors @ embedder.embed_query("What instrument did she play?")
    assert near > far + 0.2


def test_tokens_are_the_models_own_and_never_cut_off(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.count_tokens(["", "fox", "a fox ran", "fox " * 1000]) == [0, 1, 3, 1000]
    assert embedder.max_tokens == 254


def test_the_revision_tells_models_apart_and_is_the_same_for_the_same(embedder: SentenceTransformerEmbedder) -> None:
    again = SentenceTransformerEmbedder("all-MiniLM-L6-v2")
    again.__dict__["_model"] = embedder._model
    assert embedder.revision == again.revision
    assert embedder.revision.startswith("all-MiniLM-L6-v2@")


@pytest.mark.parametrize("model", ["no-such-model", "some/model"])
def test_a_model_that_is_not_there_is_an_error_which_says_how_to_get_it(model: str) -> None:
    with pytest.raises(ModelNotFound, match=f"hf download {model}"):
        SentenceTransformerEmbedder(model).embed_query("A fox?")


def test_a_folder_that_holds_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="STORYBOT_MODEL"):
        SentenceTransformerEmbedder(str(tmp_path)).embed_query("A fox?")


def test_a_question_goes_before_the_next_batch() -> None:
    turns, order = _Turns(), []
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
