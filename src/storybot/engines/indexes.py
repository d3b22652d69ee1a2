"""Which FAISS index holds the vectors: the one rule, by how many there are."""

import importlib
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from storybot.engines.rows import Shelf
from storybot.engines.scopes import Chosen, bits
from storybot.model import Vectors

Keys: TypeAlias = npt.NDArray[np.int64]
Faiss: TypeAlias = Any
"""What FAISS gives: it has no types."""

SCANNED_PASSAGES = 400_000
"""Up to so many, each vector is looked at for each question."""

_PASSAGES_IN_CELL = 1000
_SAMPLES_OF_CELL = 40
_PROBED_SHARE = 0.16
_ROUNDS = 8
_GROWTH = 4
"""Cells are laid out anew when there are so many times the passages that they were laid out for."""


def manner(count: int) -> str:
    """How the nearest of so many vectors are looked for, in words."""
    return "each vector is looked at" if count <= SCANNED_PASSAGES else "by cells of like vectors"


class VectorIndex:
    """Vectors by the keys of their passages, as the file holds them: at half precision. Not safe for threads.

    Up to `SCANNED_PASSAGES` all vectors are looked at, so what is found is exact: those of the file are at half
    precision too. Beyond, they lie in cells (FAISS's inverted file) of about a thousand, of which a sixth is looked
    through, and the stored vectors give the scores. Measured on two busy cores without AVX-512, 384 dimensions, one
    question in one thread, each size in a run of its own (docs/lab-book.md, `bench/scale.py indexes`):

        passages     type                            MB    p50       recall@10   1,000 removed
        110,000      flat                           170     60 ms    1.000       147 ms
        110,000      half precision                  85     37 ms    1.000        60 ms
        110,000      8 bits                          43     55 ms    1.000        49 ms
        110,000      110 cells, 13 looked through    86    0.8 ms    0.974        43 ms
        1,000,000    flat                          1544    682 ms    1.000       792 ms
        1,000,000    half precision                 776    253 ms    1.000       256 ms
        1,000,000    8 bits                         392    314 ms    1.000        89 ms
        1,000,000    1000 cells, 200 looked through 778     32 ms    1.000        30 ms

    Eight bits save memory, but no time. Two threads took up to six times as long as one.
    """

    def __init__(self, index: Faiss) -> None:
        self._index = index

    @classmethod
    def begin(cls, dim: int, count: int, sample: Callable[[int], Vectors]) -> "VectorIndex":
        """An empty index for `count` vectors. `sample` gives about so many of them, spread evenly."""
        faiss = library()
        kind, metric = faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        if count <= SCANNED_PASSAGES:
            return cls(faiss.IndexIDMap(faiss.IndexScalarQuantizer(dim, kind, metric)))
        cells = count // _PASSAGES_IN_CELL
        # Not behind an IndexIDMap, which mixes up its ids when some are removed from cells: these keep their own.
        index = faiss.index_factory(dim, f"IVF{cells},SQfp16", metric)
        index.by_residual = False
        index.cp.niter = _ROUNDS
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        index.train(sample(cells * _SAMPLES_OF_CELL))
        return cls(index)

    @property
    def count(self) -> int:
        """How many vectors it holds."""
        return int(self._index.ntotal)

    @property
    def _cells(self) -> int:
        return int(getattr(self._index, "nlist", 0))

    def suits(self, count: int) -> bool:
        """Whether it is of the kind for so many vectors. A shrunk one is kept: it serves as well."""
        return count <= (_GROWTH * self._cells * _PASSAGES_IN_CELL if self._cells else SCANNED_PASSAGES)

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """Take in vectors (n, dim) under the keys (n,)."""
        library().omp_set_num_threads(os.cpu_count() or 1)
        self._index.add_with_ids(vectors, keys)

    def remove(self, shelves: Sequence[Shelf]) -> None:
        """Let go of what stands on the shelves: milliseconds for a book."""
        if shelves:
            self._index.remove_ids(library().IDSelectorBitmap(bits(shelves)))

    def search(self, vector: Vectors, k: int, chosen: Chosen) -> tuple[Keys, float | None]:
        """Keys of about the k best in scope, in no order, and the least score; None where no others are in scope."""
        faiss = library()
        # Two threads wait for each other longer than one works, up to ten times on a busy machine.
        faiss.omp_set_num_threads(1)
        query = vector[np.newaxis].astype(np.float32)
        scores, keys = self._index.search(query, k, params=self._parameters(chosen))
        found: Keys = keys[0][keys[0] >= 0]  # -1 stands where FAISS found fewer than it was asked for
        return found, float(scores[0][-1]) if len(found) == k else None

    def exact(self, chosen: Chosen) -> bool:
        """Whether a search within the scope looks at each passage in it."""
        return self._probes(chosen) >= self._cells

    def _parameters(self, chosen: Chosen) -> Faiss:
        faiss = library()
        within = None if chosen.bits is None else faiss.IDSelectorBitmap(chosen.bits)
        if self._cells:
            return faiss.SearchParametersIVF(nprobe=self._probes(chosen), sel=within)
        return None if within is None else faiss.SearchParameters(sel=within)

    def _probes(self, chosen: Chosen) -> int:
        """How many cells are looked through: the more, the fewer of their passages are in scope."""
        return min(self._cells, round(self._cells * _PROBED_SHARE / max(chosen.share, _PROBED_SHARE)))

    def write(self, write: Callable[[bytes], Any]) -> None:
        """Hand all of it to a file's `write`, piece by piece."""
        faiss = library()
        faiss.write_index(self._index, faiss.PyCallbackIOWriter(write))

    @classmethod
    def read(cls, read: Callable[[int], bytes]) -> "VectorIndex":
        """What `write` handed over, from a file's `read`. Raises: RuntimeError."""
        faiss = library()
        return cls(faiss.read_index(faiss.PyCallbackIOReader(read)))


def library() -> Faiss:
    """FAISS, loaded when it's first needed: pages are served before that."""
    return importlib.import_module("faiss")
