"""Which passages share words with a question: BM25 out of SQLite's FTS5."""

import sqlite3
from collections.abc import Sequence
from threading import Lock

from storybot.engines import laws, rows
from storybot.engines.laws import Sought
from storybot.engines.rows import Live
from storybot.engines.scopes import Chosen

_SPARE = 32
"""Passages asked for past the k-th, so that ties at the cut mostly show at the first try."""


class WordIndex:
    """Ranks by words, and remembers how common they are. Safe to call from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: Live | None = None
        self._holding: dict[str, int] = {}

    def best(  # noqa: PLR0913 - what a search is made of
        self, connection: sqlite3.Connection, live: Live, terms: Sequence[str], k: int, chosen: Chosen, *, apart: bool
    ) -> dict[int, float]:
        """BM25 by key of the passages in scope that rank k-th or better, ties and all, in no order.

        apart: whether the statistics are of the passages in scope.
        """
        sought = self.sought(connection, live, terms, chosen, apart=apart)
        if not sought.terms or not chosen.passages:
            return {}
        weigh = _weights_apart if apart else _weights
        return weigh(connection, live.edition, sought, k, chosen)

    def sought(
        self, connection: sqlite3.Connection, live: Live, terms: Sequence[str], chosen: Chosen, *, apart: bool
    ) -> Sought:
        """What of the terms is looked for. apart: as in `best`."""
        size = chosen.passages if apart else chosen.of
        return laws.sought(terms, lambda: self._common(connection, live, terms), chosen.of, size)

    def _common(self, connection: sqlite3.Connection, live: Live, terms: Sequence[str]) -> dict[str, int]:
        """How many passages of the live index hold each of the terms."""
        with self._lock:
            if self._of != live:
                self._holding, self._of = {}, live
            known = self._holding
        new = [term for term in terms if term not in known]
        if new:
            known.update(_holding(connection, live.edition, new))
        return {term: known[term] for term in terms}


def _holding(connection: sqlite3.Connection, edition: int, terms: Sequence[str]) -> dict[str, int]:
    words = rows.words(edition)
    connection.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{words}_row USING fts5vocab (main, {words}, row)")
    counts = {}
    for term in terms:
        row = connection.execute(
            f"SELECT doc FROM temp.{words}_row WHERE term = ?",  # noqa: S608 - no value of a user
            (term,),
        ).fetchone()
        counts[term] = 0 if row is None else int(row[0])
    return counts


def _weights(connection: sqlite3.Connection, edition: int, sought: Sought, k: int, chosen: Chosen) -> dict[int, float]:
    """BM25 by statistics of the whole index, as FTS5 computes it."""
    words = rows.words(edition)
    found_in = _found_in(connection, words, sought, chosen)
    wanted = k + _SPARE
    while True:
        found = connection.execute(
            f"SELECT rowid, round(-bm25({words}), {laws.DECIMALS}) AS score FROM {found_in} "  # noqa: S608 - no value of a user
            "ORDER BY score DESC LIMIT :wanted",
            _values(sought, chosen) | {"wanted": wanted},
        ).fetchall()
        if len(found) < wanted or found[-1][1] < found[k - 1][1]:
            return {key: score for key, score in found if score >= found[min(k, len(found)) - 1][1]}
        wanted *= 4


def _weights_apart(
    connection: sqlite3.Connection, edition: int, sought: Sought, k: int, chosen: Chosen
) -> dict[int, float]:
    """BM25 by statistics of the passages in scope."""
    words = rows.words(edition)
    any_of = Sought(terms=sought.terms, found_by=sought.terms)
    # All that hold a term are read: how common it is in scope follows from them, also where others do the finding.
    found = connection.execute(
        f"SELECT rowid, terms FROM {_found_in(connection, words, any_of, chosen)}",  # noqa: S608 - no value of a user
        _values(sought, chosen),
    )
    counts = {}
    for key, terms in found:
        there = terms.split(" ")
        counts[key, len(there)] = {term: there.count(term) for term in sought.terms}
    weigh = laws.Bm25(
        passages=chosen.passages,
        mean_length=chosen.terms / max(chosen.passages, 1),
        holding={term: sum(bool(often[term]) for often in counts.values()) for term in sought.terms},
    )
    scores = {
        key: weigh(often, length)
        for (key, length), often in counts.items()
        if sought.finds([term for term, count in often.items() if count])
    }
    least = sorted(scores.values(), reverse=True)[:k][-1:]
    return {key: score for key, score in scores.items() if [score] >= least}


def _found_in(connection: sqlite3.Connection, words: str, sought: Sought, chosen: Chosen) -> str:
    """The passages in scope that are found: by the range of their keys, and by each one's bit where that lacks."""
    connection.create_function("in_scope", 1, chosen.__contains__, deterministic=True)
    inside = "" if chosen.bits is None else " AND rowid BETWEEN :first AND :last AND in_scope(rowid)"
    # The sign keeps FTS5 from beginning anew for each of them.
    among = f" AND +rowid IN (SELECT rowid FROM {words} WHERE {words} MATCH :found_by)"  # noqa: S608 - no value of a user
    weighed_alone = sought.found_by == sought.terms and not sought.together
    return f"{words} WHERE {words} MATCH :query{inside}{'' if weighed_alone else among}"


def _values(sought: Sought, chosen: Chosen) -> dict[str, str | int]:
    return {
        "query": _query(sought.terms, "OR"),
        "found_by": _query(sought.found_by, "AND" if sought.together else "OR"),
        "first": chosen.first,
        "last": chosen.last,
    }


def _query(terms: Sequence[str], operator: str) -> str:
    """FTS5's query for passages with any or all of the terms. Source: sqlite.org/fts5.html, section 3."""
    return f" {operator} ".join('"{}"'.format(term.replace('"', '""')) for term in terms)
