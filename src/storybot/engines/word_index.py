"""Which passages share words with a question: BM25 out of SQLite's FTS5."""

import sqlite3
from collections.abc import Mapping, Sequence

from storybot.engines import laws, rows
from storybot.model import Scope


def best(connection: sqlite3.Connection, edition: int, sought: Sequence[str], k: int, scope: Scope) -> dict[int, float]:
    """BM25 by key of the passages in scope that rank k-th or better, in no order; some of those that tie may lack."""
    weigh = _weights_in_scope if scope.document_ids else _weights
    return weigh(connection, edition, sought, k, scope)


def _weights(
    connection: sqlite3.Connection, edition: int, sought: Sequence[str], k: int, scope: Scope
) -> dict[int, float]:
    """BM25 of the k best passages by key, by statistics of the whole index, as FTS5 computes it."""
    words = rows.words(edition)
    found = connection.execute(
        f"""
        SELECT p.key, round(-bm25({words}), {laws.DECIMALS}) AS score FROM {_found_in(words)}
        ORDER BY score DESC, d.id, p.ordinal LIMIT :k
        """,  # noqa: S608 - no value of a user
        rows.scope_values(scope) | {"query": _any_of(sought), "k": k},
    )
    return dict(found.fetchall())


def _weights_in_scope(
    connection: sqlite3.Connection, edition: int, sought: Sequence[str], k: int, scope: Scope
) -> dict[int, float]:
    """BM25 of the passages that rank k-th or better, ties and all, by statistics of the passages in scope."""
    shelves = rows.shelves(connection, edition, scope)
    passages, terms = sum(shelf.passages for shelf in shelves), sum(shelf.terms for shelf in shelves)
    words = rows.words(edition)
    found = connection.execute(
        f"SELECT p.key, p.terms, {words}.terms FROM {_found_in(words)}",  # noqa: S608 - no value of a user
        rows.scope_values(scope) | {"query": _any_of(sought)},
    )
    counts = {(key, length): _count(there.split(), sought) for key, length, there in found}
    weigh = laws.Bm25(
        passages=passages,
        mean_length=terms / max(passages, 1),
        holding={term: sum(bool(often[term]) for often in counts.values()) for term in sought},
    )
    scores = {key: weigh(often, length) for (key, length), often in counts.items()}
    least = sorted(scores.values(), reverse=True)[:k][-1:]
    return {key: score for key, score in scores.items() if [score] >= least}


def _found_in(words: str) -> str:
    """Passages p of documents d that match a query within a scope. CROSS JOIN: the word index first, then the rest."""
    return (
        f"{words} CROSS JOIN passages p ON p.key = {words}.rowid CROSS JOIN documents d ON d.key = p.document "
        f"WHERE {words} MATCH :query AND {rows.IN_SCOPE}"
    )


def _count(there: list[str], sought: Sequence[str]) -> Mapping[str, int]:
    return {term: there.count(term) for term in sought}


def _any_of(terms: Sequence[str]) -> str:
    """FTS5's query for passages with any of the terms. Source: sqlite.org/fts5.html, section 3."""
    return " OR ".join('"{}"'.format(term.replace('"', '""')) for term in terms)
