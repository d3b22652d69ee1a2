"""The vectors of the live index in FAISS: a cache of what the corpus file holds, never the truth."""

import hashlib
import importlib
import json
import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from storybot.engines import laws, rows
from storybot.engines.passages import unpacked_vectors
from storybot.engines.rows import Live
from storybot.model import Scope, Vectors

_Keys: TypeAlias = npt.NDArray[np.int64]
_Faiss: TypeAlias = Any  # faiss has no types

_LOG = logging.getLogger(__name__)

_MAGIC = b"storybot vectors 1\n"

_SPARE = 32
"""Neighbours asked for past the k-th, so that ties at the cut mostly show at the first try."""

_SLACK = 1e-4
"""More than two float32 inner products of unit vectors can be wrong by: 2 * dim * 2**-24, for up to 800 dimensions."""

_BATCH_ROWS = 10_000

_SCOPES_KEPT = 64


class _ForeignCacheError(Exception):
    """The file on disk is no cache of ours, or not all of it."""

    def __init__(self, reason: str = "it isn't whole, or not storybot's") -> None:
        super().__init__(reason)


class FaissCache:
    """Exact neighbours by inner product. Not safe for threads: its owner lets one in at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._index: _Faiss = None
        self._of: Live | None = None
        self._on_disk: str | None = None
        self._scopes: dict[Scope, tuple[int, _Faiss]] = {}

    def nearest(
        self, connection: sqlite3.Connection, live: Live, vector: Vectors, k: int, scope: Scope
    ) -> list[tuple[int, float]]:
        """Keys and scores of the k best passages in scope, in no order, and of all that tie with the k-th."""
        self._refresh(connection, live)
        count, parameters = self._within(connection, live, scope)
        wanted = k + _SPARE
        while count:
            approximate, found = self._index.search(
                vector[np.newaxis].astype(np.float32), min(wanted, count), params=parameters
            )
            keys: _Keys = found[0][found[0] >= 0]  # -1 stands where FAISS found fewer than it was asked for
            scores = laws.exact_scores(self._index.reconstruct_batch(keys), vector)
            kth = np.sort(scores)[-k] if len(scores) > k else -np.inf
            if wanted >= count or approximate[0][-1] < kth - _SLACK:
                best = scores >= kth
                return list(zip(keys[best].tolist(), scores[best].tolist(), strict=True))
            wanted *= 4
        return []

    def save(self, connection: sqlite3.Connection, live: Live | None) -> None:
        """Write the index, as it should be now, to disk. It's a cache: where that fails it's built again some day."""
        if self._index is None or live is None:
            return
        self._refresh(connection, live)
        if self._on_disk == live.stamp:
            return
        body = _faiss().serialize_index(self._index).tobytes()
        part = self._part
        try:
            part.write_bytes(_MAGIC + _header(live, body) + body)
            part.replace(self._path)
        except OSError as error:
            _LOG.warning("The vectors weren't cached in '%s': %s", self._path, error)

    @property
    def loaded(self) -> bool:
        """Whether there is an index in memory."""
        return self._index is not None

    def forget_file(self) -> bool:
        """Remove what stands on disk; whether anything did."""
        self._on_disk = None
        self._part.unlink(missing_ok=True)  # first: nothing but a fault of ours writes it, so it never hinders
        there = self._path.exists()
        self._path.unlink(missing_ok=True)
        return there

    @property
    def _part(self) -> Path:
        return self._path.with_name(f"{self._path.name}.part")

    def _refresh(self, connection: sqlite3.Connection, live: Live) -> None:
        if self._index is not None and self._of == live:
            return
        index, before = self._index, self._of
        self._index, self._of = None, None  # an exception on the way leaves nothing half done
        self._scopes.clear()
        if before is None:
            index = self._read(live)
        elif before.edition != live.edition:
            index = None
        if index is None or before is not None:
            index = _caught_up(connection, live, index)
        self._index, self._of = index, live

    def _read(self, live: Live) -> _Faiss:
        """The index on disk, if it is that of `live`."""
        try:
            content = self._path.read_bytes()
            index = _deserialized(content, live)
        except FileNotFoundError:
            return None
        except (OSError, _ForeignCacheError) as error:
            _LOG.warning("The cached vectors in '%s' are built again: %s", self._path, error)
            return None
        if index is not None:
            self._on_disk = live.stamp
        return index

    def _within(self, connection: sqlite3.Connection, live: Live, scope: Scope) -> tuple[int, _Faiss]:
        """How many passages are in scope, and FAISS's parameters that look only at them (None: at all)."""
        if scope not in self._scopes:
            shelves = rows.shelves(connection, live.edition, scope)
            count = sum(shelf.passages for shelf in shelves)
            everywhere = count == self._index.ntotal
            parameters = None if everywhere or not count else _faiss().SearchParameters(sel=_selector(shelves))
            if len(self._scopes) >= _SCOPES_KEPT:
                self._scopes.clear()
            self._scopes[scope] = (count, parameters)
        return self._scopes[scope]


def _caught_up(connection: sqlite3.Connection, live: Live, index: _Faiss) -> _Faiss:
    """An index with what was added since it was made, without what was removed; a new one for None."""
    faiss = _faiss()
    if index is None:
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(live.manifest.dim))
    had: _Keys = faiss.vector_to_array(index.id_map)
    # The sign keeps SQLite from the index by edition, which would read all passages to find the new ones.
    added = connection.execute(
        "SELECT key, vector FROM passages WHERE key > ? AND +edition = ? ORDER BY key",
        (int(had.max(initial=0)), live.edition),
    )
    while batch := added.fetchmany(_BATCH_ROWS):
        keys, blobs = zip(*batch, strict=True)
        index.add_with_ids(unpacked_vectors(blobs, live.manifest.dim), np.array(keys, dtype=np.int64))
    (count,) = connection.execute("SELECT total(passages) FROM shelves WHERE edition = ?", (live.edition,)).fetchone()
    if count != index.ntotal:
        held = _keys(connection.execute("SELECT key FROM passages WHERE edition = ?", (live.edition,)))
        index.remove_ids(np.setdiff1d(had, held))
    return index


def _selector(shelves: Sequence[rows.Shelf]) -> _Faiss:
    """FAISS's selector of the passages on the shelves: a bit for each key."""
    chosen = np.zeros(shelves[-1].first + shelves[-1].passages, dtype=bool)
    for shelf in shelves:
        chosen[shelf.first : shelf.first + shelf.passages] = True
    return _faiss().IDSelectorBitmap(np.packbits(chosen, bitorder="little"))


def _keys(found: sqlite3.Cursor) -> _Keys:
    return np.fromiter((key for (key,) in found), dtype=np.int64)


def _header(live: Live, body: bytes) -> bytes:
    digest = hashlib.blake2b(body).hexdigest()
    return json.dumps({"edition": live.edition, "stamp": live.stamp, "digest": digest}).encode() + b"\n"


def _deserialized(content: bytes, live: Live) -> _Faiss:
    """The index in a file's content; None where it is of another state of the corpus. Raises: _ForeignCacheError."""
    if not content.startswith(_MAGIC):
        raise _ForeignCacheError
    header, _, body = content.removeprefix(_MAGIC).partition(b"\n")
    try:
        stated = json.loads(header)
        if stated["digest"] != hashlib.blake2b(body).hexdigest():
            raise _ForeignCacheError
        if (stated["edition"], stated["stamp"]) != (live.edition, live.stamp):
            return None
        return _faiss().deserialize_index(np.frombuffer(body, dtype=np.uint8))
    except (ValueError, KeyError, TypeError, RuntimeError) as error:
        raise _ForeignCacheError(str(error)) from error


def _faiss() -> _Faiss:
    """The library, loaded when it's first needed: pages are served before that."""
    return importlib.import_module("faiss")
