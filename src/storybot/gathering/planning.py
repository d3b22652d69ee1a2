"""What makes a collection equal to a folder, told before anything is done."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storybot.model import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What makes a collection equal to a folder. Names are those of files, in order.

    Carried out in this order: `removed` documents go; `renamed` ones get their new names, all at once; `replaced` and
    `added` files are taken in. Left alone are `unchanged` files, `copies` (files of the same bytes as another, of which
    one document tells), and the documents of `unreadable` files.
    """

    removed: tuple[Entry, ...] = ()
    renamed: tuple[tuple[Entry, str], ...] = ()
    replaced: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.removed or self.renamed or self.replaced or self.added)

    def empties(self, entries: Sequence[Entry]) -> bool:
        """Whether all of the collection's documents would go: the folder is empty, or quite another one."""
        return bool(entries) and len(self.removed) == len(entries)


def plan(files: Mapping[str, str], entries: Sequence[Entry], unreadable: Collection[str] = ()) -> Plan:
    """The plan for a folder's files (name -> digest) and a collection's documents.

    unreadable: names of files, and of folders and archives whose files are unknown: their documents stay.
    """
    blind = frozenset(unreadable)
    staying = [entry for entry in entries if _stays(entry, files, blind)]
    held = {entry.digest for entry in staying}
    lost = {entry.digest: entry for entry in entries if entry.digest and entry.digest not in held}
    unchanged = {entry.name for entry in staying} & files.keys()
    copies, renamed, fresh = list[str](), list[tuple[Entry, str]](), list[str]()
    for name in sorted(files.keys() - unchanged):
        digest = files[name]
        if digest in held:
            copies.append(name)
        elif digest in lost:
            renamed.append((lost[digest], name))
        else:
            fresh.append(name)
        held.add(digest)
    left = {entry.id for entry in (*staying, *(entry for entry, _ in renamed))}
    leaving = {entry.name: entry for entry in entries if entry.id not in left}
    replaced = {name: leaving.pop(name) for name in fresh if name in leaving}
    return Plan(
        removed=tuple(leaving.values()),
        renamed=tuple(renamed),
        replaced=tuple(replaced),
        added=tuple(name for name in fresh if name not in replaced),
        unchanged=tuple(sorted(unchanged)),
        copies=tuple(copies),
        unreadable=tuple(sorted(blind)),
    )


def _stays(entry: Entry, files: Mapping[str, str], unreadable: frozenset[str]) -> bool:
    """Whether a document's file is as it was, or can't be seen."""
    if entry.name in files:
        return files[entry.name] == entry.digest
    return bool(unreadable) and any(above in unreadable for above in _above(entry.name))


def _above(name: str) -> Iterator[str]:
    """The name, the folders above it, and the top's, which is empty."""
    while name:
        yield name
        name = name.rpartition("/")[0]
    yield ""
