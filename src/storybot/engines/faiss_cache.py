"""The vectors of the live index in memory: a cache of what the corpus file holds, never the truth."""

import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

import numpy as np

from storybot.engines import laws, passages, rows
from storybot.engines.indexes import VectorIndex
from storybot.engines.rows import Live, Shelf
from storybot.engines.scopes import Scopes
from storybot.model import Scope, Vectors

_LOG = logging.getLogger(__name__)

_MAGIC = b"storybot vectors 2\n"

_SPARE = 32
"""Neighbours asked for past the k-th, so that ties at the cut mostly show at the first try."""

_SLACK = 1e-4
"""More than two float32 inner products of unit vectors can be wrong by: 2 * dim * 2**-24, for up to 800 dimensions."""

_BATCH_ROWS = 10_000
_PIECE_BYTES = 1 << 20
_DIGEST_BYTES = 64


class _ForeignCacheError(Exception):
    """The file on disk is no cache of ours, or not all of it."""

    def __init__(self, reason: str = "it isn't whole, or not storybot's") -> None:
        super().__init__(reason)


class FaissCache:
    """The nearest passages by inner product. Not safe for threads: its owner lets one in at a time."""

    def __init__(self, path: Path, scopes: Scopes) -> None:
        self._path = path
        self._scopes = scopes
        self._index: VectorIndex | None = None
        self._held: set[Shelf] = set()
        self._of: Live | None = None
        self._on_disk: str | None = None

    def nearest(
        self, connection: sqlite3.Connection, live: Live, vector: Vectors, k: int, scope: Scope
    ) -> list[tuple[int, float]]:
        """Keys and exact scores of the k best passages in scope, in no order, and of all that tie with the k-th.

        Of a large index some of the k may be missing, and the next best be there: see `indexes`.
        """
        index = self._refreshed(connection, live)
        chosen = self._scopes.chosen(connection, live, scope)
        wanted = k + _SPARE
        while chosen.passages:
            keys, least = index.search(vector, min(wanted, chosen.passages), chosen)
            scores = laws.exact_scores(passages.vectors_of(connection, keys.tolist(), live.manifest.dim), vector)
            kth = np.sort(scores)[-k] if len(scores) > k else -np.inf
            if wanted >= chosen.passages or least is None or least < kth - _SLACK or not index.exact(chosen):
                best = scores >= kth
                return list(zip(keys[best].tolist(), scores[best].tolist(), strict=True))
            wanted *= 4
        return []

    def save(self, connection: sqlite3.Connection, live: Live | None) -> None:
        """Write the index, as it should be now, to disk. It's a cache: where that fails it's built again some day."""
        if self._index is None or live is None:
            return
        index = self._refreshed(connection, live)
        if self._on_disk == live.stamp:
            return
        try:
            with self._part.open("wb") as file:
                _write(file, live, index)
            self._part.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                self._part.unlink()  # half a cache on a full disk would only take room
            _LOG.warning("The vectors weren't cached in '%s': %s", self._path, error)

    @property
    def loaded(self) -> bool:
        """Whether there is an index in memory."""
        return self._index is not None

    def forget_file(self) -> None:
        """Remove what stands on disk."""
        self._on_disk = None
        self._part.unlink(missing_ok=True)  # first: nothing but a fault of ours writes it, so it never hinders
        self._path.unlink(missing_ok=True)

    def forget_torn_file(self) -> bool:
        """Remove what stands on disk if it isn't whole; whether it was so."""
        try:
            with self._path.open("rb") as file:
                if file.readline(len(_MAGIC)) == _MAGIC and _whole(file):
                    return False
        except FileNotFoundError:
            return False
        self.forget_file()
        return True

    @property
    def _part(self) -> Path:
        return self._path.with_name(f"{self._path.name}.part")

    def _refreshed(self, connection: sqlite3.Connection, live: Live) -> VectorIndex:
        """The index as the file stands now: without what was removed, with what was added, of the kind for its size."""
        if self._index is not None and self._of == live:
            return self._index
        index, held, before = self._index, self._held, self._of
        self._index, self._of, self._held = None, None, set()  # an exception on the way leaves nothing half done
        shelves = rows.shelves_of(connection, live.edition)
        count = sum(shelf.passages for shelf in shelves)
        if before is None:
            index, held = self._read(live), set(shelves)
        if index is None or (before and before.edition != live.edition) or not index.suits(count):
            index, held = VectorIndex.begin(live.manifest.dim, count, _sampling(connection, live, shelves)), set()
        index.remove(sorted(held - set(shelves), key=lambda shelf: shelf.first))
        _add(connection, live, index, [shelf for shelf in shelves if shelf not in held])
        self._index, self._of, self._held = index, live, set(shelves)
        return index

    def _read(self, live: Live) -> VectorIndex | None:
        """The index on disk, if it is that of `live`."""
        try:
            with self._path.open("rb") as file:
                index = _read(file, live)
        except FileNotFoundError:
            return None
        except (OSError, _ForeignCacheError) as error:
            _LOG.warning("The cached vectors in '%s' are built again: %s", self._path, error)
            return None
        if index is not None:
            self._on_disk = live.stamp
        return index


def _add(connection: sqlite3.Connection, live: Live, index: VectorIndex, shelves: Sequence[Shelf]) -> None:
    """Add what stands on the shelves, in batches. Raises: ValueError where a vector is torn."""
    found = chain.from_iterable(passages.vectors_on(connection, shelf) for shelf in shelves)
    while batch := list(islice(found, _BATCH_ROWS)):
        keys, blobs = zip(*batch, strict=True)
        index.add(np.array(keys, dtype=np.int64), passages.unpacked_vectors(blobs, live.manifest.dim))


def _sampling(connection: sqlite3.Connection, live: Live, shelves: Sequence[Shelf]) -> Callable[[int], Vectors]:
    def sample(size: int) -> Vectors:
        keys = np.concatenate([np.arange(shelf.first, shelf.first + shelf.passages) for shelf in shelves])
        chosen = keys[:: max(1, len(keys) // size)]
        return passages.vectors_of(connection, chosen.tolist(), live.manifest.dim)

    return sample


def _write(file: BinaryIO, live: Live, index: VectorIndex) -> None:
    """A line that tells what it is, a line that tells of what, the index, and the hash of it all."""
    digest = hashlib.blake2b()

    def write(piece: bytes) -> int:
        digest.update(piece)
        return file.write(piece)

    write(_MAGIC)
    write(json.dumps({"edition": live.edition, "stamp": live.stamp}).encode() + b"\n")
    index.write(write)
    file.write(digest.digest())


def _read(file: BinaryIO, live: Live) -> VectorIndex | None:
    """The index in a file; None where it is of another state of the corpus. Raises: _ForeignCacheError."""
    if file.readline(len(_MAGIC)) != _MAGIC:
        raise _ForeignCacheError
    try:
        stated = json.loads(file.readline())
        if (stated["edition"], stated["stamp"]) != (live.edition, live.stamp):
            return None
        body = file.tell()
        if not _whole(file):
            raise _ForeignCacheError
        file.seek(body)
        return VectorIndex.read(file.read)
    except (ValueError, KeyError, TypeError, RuntimeError) as error:
        raise _ForeignCacheError(str(error)) from error


def _whole(file: BinaryIO) -> bool:
    """Whether the file ends with its own hash: FAISS must not be given anything else."""
    left = max(file.seek(0, 2) - _DIGEST_BYTES, 0)
    file.seek(0)
    digest = hashlib.blake2b()
    while left:
        piece = file.read(min(left, _PIECE_BYTES))
        digest.update(piece)
        left -= len(piece)
    return bool(file.read() == digest.digest())
