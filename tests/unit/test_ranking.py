from itertools import pairwise

import numpy as np
import pytest

from storybot.model import Findings, Hit, Passage, Reading, Span, Step
from storybot.ranking import CONTEXT, contextual, fuse, rerank, thin


def hit(name: str, score: float, step: str = "words", *, text: str = "") -> Hit:
    passage = Passage(document_id=name, span=Span(0, 1), heading="", text=text or name, sentences=(Span(0, 1),))
    return Hit(passage=passage, score=score, why={step: Step(rank=1, score=score)})


def names(hits: list[Hit]) -> list[str]:
    return [hit.passage.document_id for hit in hits]


def test_what_is_good_in_both_rankings_comes_first() -> None:
    words = [hit("a", 9.0), hit("b", 8.0), hit("c", 1.0)]
    dense = [hit("d", 0.9, "dense"), hit("b", 0.8, "dense"), hit("c", 0.1, "dense")]
    fused = fuse({"words": words, "dense": dense})
    assert names(fused)[0] == "b"
    assert set(fused[0].why) == {"words", "dense", "fused"}
    assert [found.why["fused"].rank for found in fused] == [1, 2, 3, 4]
    assert all(one.score >= other.score for one, other in pairwise(fused))


def test_a_margin_counts_for_more_than_a_rank() -> None:
    words = [hit("sure", 50.0), *(hit(name, 2.0 - place / 10) for place, name in enumerate("abcdef"))]
    near = {"a": 0.50, "b": 0.49, "sure": 0.48, "c": 0.30, "d": 0.29, "e": 0.28, "f": 0.27}
    dense = [hit(name, score, "dense") for name, score in near.items()]
    assert names(fuse({"words": words, "dense": dense}))[:2] == ["sure", "a"]


def test_the_only_passage_with_a_word_of_the_question_gains_by_it() -> None:
    near = [hit("a", 0.51, "dense"), hit("b", 0.50, "dense"), hit("c", 0.1, "dense")]
    assert names(fuse({"words": [hit("b", 3.0)], "dense": near}))[0] == "b"


def test_ties_go_to_the_earlier_document_and_nothing_fuses_to_nothing() -> None:
    assert names(fuse({"words": [hit("b", 1.0), hit("a", 1.0)]})) == ["a", "b"]
    assert fuse({"words": [], "dense": []}) == []
    assert fuse({}) == []


def test_near_duplicates_are_thinned_and_k_is_kept() -> None:
    hits = [hit("a", 3, text="The fox\nran."), hit("b", 2, text="the fox ran."), hit("c", 1), hit("d", 0)]
    assert names(thin(hits, 2)) == ["a", "c"]


def test_a_vector_leans_towards_its_neighbours_in_the_same_document() -> None:
    vectors = np.eye(3, dtype=np.float32)
    mixed = contextual(vectors)
    np.testing.assert_allclose(np.linalg.norm(mixed, axis=1), 1, rtol=1e-6)
    assert mixed[0] @ vectors[1] == pytest.approx(CONTEXT / np.hypot(1, CONTEXT))
    assert mixed[0] @ vectors[2] == 0
    np.testing.assert_array_equal(vectors, np.eye(3))
    assert contextual(vectors[:0]).shape == (0, 3)


def test_what_was_read_comes_first_by_relevance_and_the_rest_keeps_its_order() -> None:
    hits = [hit("a", 2.0), hit("b", 1.0), hit("c", 0.5), hit("d", 0.2)]
    beside = hit("n", 0.0).passage
    relevance = {hits[0].passage: -5.0, hits[1].passage: 4.0, beside: 1.0}
    reading = Reading(passage=hits[1].passage, sentence=Span(0, 1), answer=Span(0, 1), confidence=0.9)
    ranked = rerank(hits, Findings(relevance=relevance, readings=(reading,)))
    assert names(ranked) == ["b", "n", "a", "c", "d"]
    assert all(one.score > other.score for one, other in pairwise(ranked))
    assert (ranked[0].reading, ranked[1].reading) == (reading, None)
    assert ranked[0].why.keys() == {"words", "reader"}
    assert [found.why["reader"].rank for found in ranked[:3]] == [1, 2, 3]


def test_a_ranking_that_nobody_read_stays() -> None:
    hits = [hit("a", 2.0), hit("b", 1.0)]
    assert names(rerank(hits, Findings())) == ["a", "b"]
    assert rerank([], Findings()) == []


def test_a_ranking_with_a_smaller_share_counts_for_less() -> None:
    best, other = [hit("a", 2.0), hit("b", 1.0)], [hit("b", 2.0), hit("a", 1.0)]
    assert names(fuse({"first": best, "second": other}, {"second": 0.5})) == ["a", "b"]
    assert names(fuse({"first": best, "second": other}, {"first": 0.5})) == ["b", "a"]
