from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from storybot.gathering import Plan, plan
from storybot.model import Entry

NAMES = st.sampled_from(["a", "b", "c", "poems/a", "poems/b", "poems/deep/a"])
DIGESTS = st.sampled_from("123456")


def entry(name: str, digest: str) -> Entry:
    return Entry(
        id=f"{name}:{digest}",
        name=name,
        title=name,
        collection="tales",
        length=1,
        words=1,
        passages=1,
        added="",
        format="text",
        digest=digest,
    )


def entries(of: Mapping[str, str]) -> list[Entry]:
    return [entry(name, digest) for name, digest in of.items()]


def applied(wanted: Plan, files: Mapping[str, str], there: Mapping[str, str]) -> dict[str, str]:
    """What the library makes of a plan, with its rules: a name once, a text once, a replaced name's text goes."""
    held = dict(there)
    for gone in wanted.removed:
        del held[gone.name]
    moved = {known.name: name for known, name in wanted.renamed}
    assert len({*moved.values()} | (held.keys() - moved.keys())) == len(held), "two documents of one name"
    held = {moved.get(name, name): digest for name, digest in held.items()}
    for name in (*wanted.replaced, *wanted.added):
        assert (name in held) is (name in wanted.replaced)
        assert files[name] not in held.values(), "taking it in would change nothing"
        held[name] = files[name]
    return held


@given(
    st.dictionaries(NAMES, DIGESTS),
    st.dictionaries(NAMES, DIGESTS).filter(lambda there: len({*there.values()}) == len(there)),
)
def test_a_plan_makes_the_collection_equal_to_the_folder(files: dict[str, str], there: dict[str, str]) -> None:
    wanted = plan(files, entries(there))
    after = applied(wanted, files, there)
    assert {*after.values()} == {*files.values()}
    assert all(files[name] == digest for name, digest in after.items())
    assert sorted((*after, *wanted.copies)) == sorted(files)
    again = plan(files, entries(after))
    assert not again.changes
    assert sorted((*again.unchanged, *again.copies)) == sorted(files)


@given(
    st.dictionaries(NAMES, DIGESTS),
    st.dictionaries(NAMES, DIGESTS).filter(lambda there: len({*there.values()}) == len(there)),
    st.sets(st.sampled_from(["a", "poems", "poems/deep", ""])),
)
def test_documents_of_files_that_cannot_be_seen_stay(
    files: dict[str, str], there: dict[str, str], unreadable: set[str]
) -> None:
    seen = {name: digest for name, digest in files.items() if not _hidden(name, unreadable)}
    after = applied(plan(seen, entries(there), unreadable), seen, there)
    assert all(after[name] == digest for name, digest in there.items() if _hidden(name, unreadable))
    assert {*seen.values()} <= {*after.values()}


def _hidden(name: str, unreadable: set[str]) -> bool:
    return any(not top or name == top or name.startswith(f"{top}/") for top in unreadable)


def test_a_moved_file_keeps_its_document() -> None:
    wanted = plan({"new/a": "1"}, entries({"a": "1"}))
    assert wanted == Plan(renamed=((entry("a", "1"), "new/a"),))


def test_two_files_may_swap_their_names() -> None:
    wanted = plan({"a": "2", "b": "1"}, entries({"a": "1", "b": "2"}))
    assert [(known.name, name) for known, name in wanted.renamed] == [("b", "a"), ("a", "b")]
    assert not wanted.removed


def test_a_document_older_than_digests_is_taken_in_anew_under_its_name() -> None:
    assert plan({"a": "1"}, entries({"a": ""})).replaced == ("a",)


def test_a_plan_tells_when_nothing_would_be_left() -> None:
    there = entries({"a": "1", "b": "2"})
    assert plan({}, there).empties(there)
    assert plan({"c": "3"}, there).empties(there)
    assert not plan({"c": "1"}, there).empties(there)
    assert not plan({}, []).empties([])
