import errno
import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storybot.errors import (
    ArchiveRefused,
    DiskFull,
    FileNotReadable,
    SourceDamaged,
    SourceLocked,
    SourceTooLarge,
    StorybotError,
)
from storybot.gathering import File, Opener, archives, find, sources_in, within
from storybot.model import Source
from storybot.parsing import label

Failures = list[tuple[str, StorybotError]]


def found(*paths: Path | str) -> tuple[list[str], Failures]:
    failures: Failures = []
    files = list(find(map(str, paths), lambda name, error: failures.append((name, error))))
    return [file.name for file in files], failures


def write(path: Path, text: str = "The fox lived under the old bridge.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def zipped(path: Path, *members: str, data: bytes = b"The fox.", how: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for member in members:
            archive.writestr(member, data)
    return path


def test_a_folder_gives_the_files_worth_trying_by_their_relative_names(tmp_path: Path) -> None:
    for name in ("b.txt", "poems/fox.md", "poems/deep/crow.TXT", ".hidden.txt", ".git/a.txt", "cat.jpg", "b.questions"):
        write(tmp_path / name)
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "led.txt").symlink_to("pipe.txt")
    (tmp_path / "endless.txt").symlink_to("/dev/zero")
    assert found(tmp_path) == (["b.txt", "poems/fox.md", "poems/deep/crow.TXT"], [])


def test_links_are_followed_but_never_in_circles(tmp_path: Path) -> None:
    write(tmp_path / "z/fox.txt")
    (tmp_path / "a").symlink_to("z")
    (tmp_path / "z/up").symlink_to("..")
    elsewhere = write(tmp_path.parent / f"{tmp_path.name}-elsewhere" / "crow.txt")
    (tmp_path / "linked").symlink_to(elsewhere.parent)
    (tmp_path / "crow.txt").symlink_to(elsewhere)
    assert found(tmp_path) == (["crow.txt", "z/fox.txt", "linked/crow.txt"], [])


def test_what_is_named_is_tried_whatever_its_ending(tmp_path: Path) -> None:
    assert found(write(tmp_path / "fox.jpg"), write(tmp_path / ".fox")) == (["fox.jpg", ".fox"], [])


def test_a_pattern_that_the_shell_left_alone_is_filled_in(tmp_path: Path) -> None:
    for name in ("fox.txt", "crow.txt", "poems/hen.txt", "[1].txt"):
        write(tmp_path / name)
    assert found(tmp_path / "*x.txt")[0] == ["fox.txt"]
    assert found(tmp_path / "**/h*.txt")[0] == ["hen.txt"]
    assert found(tmp_path / "[1].txt")[0] == ["[1].txt"]


def test_a_path_without_a_file_is_told_and_the_others_are_found(tmp_path: Path) -> None:
    names, failures = found(tmp_path / "nosuch.txt", write(tmp_path / "fox.txt"), tmp_path / "*.md")
    assert names == ["fox.txt"]
    assert [type(error) for _, error in failures] == [FileNotReadable, FileNotReadable]
    assert "nosuch.txt" in str(failures[0][1])


def test_a_dangling_link_is_told(tmp_path: Path) -> None:
    (tmp_path / "poems").mkdir()
    (tmp_path / "poems" / "fox.txt").symlink_to("nowhere.txt")
    names, failures = found(tmp_path)
    assert (names, [name for name, _ in failures]) == ([], ["poems/fox.txt"])


def test_a_link_to_itself_is_told_and_the_others_are_found(tmp_path: Path) -> None:
    write(tmp_path / "fox.txt")
    for name in ("crow.txt", "poems"):
        (tmp_path / name).symlink_to(name)
    names, failures = found(tmp_path)
    assert (names, [name for name, _ in failures]) == (["fox.txt"], ["crow.txt"])


def test_a_link_to_a_pipe_or_a_device_is_no_file_of_a_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "fox.txt").symlink_to("pipe")
    (tmp_path / "crow.txt").symlink_to("/dev/zero")
    assert found(tmp_path) == ([], [])


def test_a_folder_that_cannot_be_listed_is_told_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "poems" / "fox.txt")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if path.endswith("poems"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("os.scandir", refusing)  # the tests may run as root, whom nothing is denied
    names, failures = found(tmp_path)
    assert (names, [name for name, _ in failures]) == ([], ["poems"])


def test_files_of_the_same_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    one, two = write(tmp_path / "a/fox.txt"), write(tmp_path / "b/fox.txt")
    assert found(one, two, one)[0] == ["fox.txt", "b/fox.txt"]
    assert found(one.parent, two.parent)[0] == ["fox.txt", "b/fox.txt"]


def test_names_that_show_alike_are_numbered(tmp_path: Path) -> None:
    write(tmp_path / "fox.txt")
    write(tmp_path / "fox\a.txt")
    names = [file.name for file in within(tmp_path, lambda *_: None)]
    assert names[0] == "fox.txt"
    assert len({*names}) == 2


def test_an_archive_gives_what_is_in_it(tmp_path: Path) -> None:
    members = ("fox.txt", "poems/crow.md", "cat.jpg", ".hidden.txt", "__MACOSX/._fox.txt", "poems/", "README")
    path = zipped(tmp_path / "Tales.ZIP", *members)
    assert found(path) == (["Tales.ZIP/fox.txt", "Tales.ZIP/poems/crow.md"], [])
    assert found(tmp_path)[0] == ["Tales.ZIP/fox.txt", "Tales.ZIP/poems/crow.md"]


@pytest.mark.parametrize("mark", ["mimetype", "[Content_Types].xml"])
def test_a_book_or_letter_that_is_a_zip_is_one_document(tmp_path: Path, mark: str) -> None:
    assert found(zipped(tmp_path / "book.zip", mark, "chapter.txt"))[0] == ["book.zip"]


def test_names_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    members = ("../../etc/fox.txt", "/etc/crow.txt", "..\\..\\hen.txt", "C:\\Windows\\cat.txt", "x/../../dog.txt")
    names, _ = found(zipped(tmp_path / "a.zip", *members))
    assert names == [
        "a.zip/etc/fox.txt",
        "a.zip/etc/crow.txt",
        "a.zip/hen.txt",
        "a.zip/Windows/cat.txt",
        "a.zip/x/dog.txt",
    ]


def test_members_of_one_name_stay_two_files(tmp_path: Path) -> None:
    names, _ = found(zipped(tmp_path / "a.zip", "fox.txt", "../fox.txt"))
    assert names[0] == "a.zip/fox.txt"
    assert len({*names}) == 2


def test_an_archive_in_an_archive_is_left_packed_and_told(tmp_path: Path) -> None:
    names, failures = found(zipped(tmp_path / "a.zip", "inner.zip", "fox.txt"))
    assert names == ["a.zip/fox.txt"]
    assert [(name, type(error)) for name, error in failures] == [("a.zip/inner.zip", ArchiveRefused)]


def test_a_bomb_is_refused_before_a_byte_of_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_RATIO_FROM_BYTES", 100_000)
    bomb = zipped(tmp_path / "bomb.zip", "a.txt", data=bytes(1_000_000), how=zipfile.ZIP_DEFLATED)
    assert "200 times" in str(found(bomb)[1][0][1])
    monkeypatch.setattr(archives, "MAX_BYTES", 1_000)
    large = zipped(tmp_path / "large.zip", "a.txt", data=b"x" * 1_001)
    monkeypatch.setattr(archives, "MAX_FILES", 3)
    many = zipped(tmp_path / "many.zip", *"abcd")
    for path, reason in [(large, "unpacks to more than"), (many, "more than 3 files")]:
        names, failures = found(path)
        assert not names
        assert isinstance(failures[0][1], ArchiveRefused)
        assert reason in str(failures[0][1])


@pytest.mark.parametrize("told", [None, 0xFFFFFFFF, 0])
def test_a_directory_that_would_fill_the_memory_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: int | None
) -> None:
    path = zipped(tmp_path / "a.zip", "fox.txt", "crow.txt")
    data = path.read_bytes()
    if told is not None:  # as a writer of large archives would end it, or one who lies
        end = bytearray(data[-22:])
        size, offset = struct.unpack_from("<2L", end, 12)
        struct.pack_into("<2L", end, 12, told, told)
        end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 2, 2, size, offset)
        locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(data) - 22, 1)
        path.write_bytes(data[:-22] + end64 + locator + end)
    assert len(found(path)[0]) == 2
    monkeypatch.setattr(archives, "_MAX_DIRECTORY_BYTES", 50)
    assert isinstance(found(path)[1][0][1], ArchiveRefused)


def test_files_that_overlap_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", "fox.txt", "crow.txt", data=b"x" * 10_000)
    data = path.read_bytes()
    second = data.index(b"PK\1\2", data.index(b"PK\1\2") + 4)
    cut = data.index(b"PK\3\4", 4)  # both entries of the directory show the first file
    kept = bytearray(data[:cut] + data[data.index(b"PK\1\2") :])
    struct.pack_into("<L", kept, second - (data.index(b"PK\1\2") - cut) + 42, 0)
    struct.pack_into("<L", kept, len(kept) - 6, cut)
    path.write_bytes(kept)
    assert "overlap" in str(found(path)[1][0][1])


def test_an_archive_that_came_as_bytes_gives_its_sources(tmp_path: Path) -> None:
    data = zipped(tmp_path / "a.zip", "fox.txt", "cat.jpg", "poems/crow.md").read_bytes()

    def names(data: bytes, name: str = "a.zip", max_bytes: int = 100_000) -> list[str]:
        source = Source(name=name, data=data, collection="tales")
        found = list(sources_in(source, max_bytes=max_bytes))
        assert {one.collection for one in found} == {"tales"}
        return [one.name for one in found]

    assert names(data) == ["a.zip/fox.txt", "a.zip/poems/crow.md"]
    assert names(b"PK", "fox.txt") == ["fox.txt"]
    assert names(zipped(tmp_path / "b.zip", "mimetype").read_bytes()) == ["a.zip"]
    for bad, error in [
        (zipped(tmp_path / "c.zip", "inner.zip").read_bytes(), ArchiveRefused),
        (zipped(tmp_path / "d.zip", "cat.jpg").read_bytes(), ArchiveRefused),
        (b"no archive", SourceDamaged),
    ]:
        with pytest.raises(error, match=r"a\.zip"):
            names(bad)
    assert names(data, max_bytes=5) == ["a.zip"]
    packed = zipped(tmp_path / "e.zip", "fox.txt", data=b"fox " * 5_000, how=zipfile.ZIP_DEFLATED).read_bytes()
    with pytest.raises(SourceTooLarge, match=r"a\.zip/fox\.txt"):
        names(packed, max_bytes=10_000)
    alike = zipped(tmp_path / "f.zip", "fox.txt", "../fox.txt").read_bytes()
    assert len(set(names(alike))) == 2


def test_an_archive_that_finds_no_room_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(name="a.zip", data=zipped(tmp_path / "a.zip", "fox.txt").read_bytes())

    def full(_path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DiskFull):
        list(sources_in(source, max_bytes=100_000))


def test_an_archive_without_a_file_to_read_is_told(tmp_path: Path) -> None:
    names, failures = found(zipped(tmp_path / "a.zip", "cat.jpg"))
    assert not names
    assert isinstance(failures[0][1], ArchiveRefused)


def read(file: File, max_bytes: int = 1_000) -> tuple[bytes, str]:
    with Opener(max_bytes) as opener:
        return opener.read(file), opener.digest(file)


def test_files_are_read_one_by_one_from_folders_and_archives(tmp_path: Path) -> None:
    write(tmp_path / "fox.txt", "Fox")
    zipped(tmp_path / "a.zip", "one.txt", "two.txt", data=b"Fox", how=zipfile.ZIP_DEFLATED)
    zipped(tmp_path / "b.zip", "one.txt", data=b"Fox")
    with Opener(10) as opener:
        files = list(find([str(tmp_path)], lambda *_: None))
        assert [opener.read(file) for file in files] == [b"Fox"] * 4
        assert len({opener.digest(file) for file in files}) == 1


def test_a_file_that_grew_since_it_was_found_is_read_whole_or_refused(tmp_path: Path) -> None:
    file = File(name="fox.txt", path=write(tmp_path / "fox.txt", "The fox."), size=3)
    assert read(file)[0] == b"The fox."
    with pytest.raises(SourceTooLarge):
        read(file, max_bytes=5)


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    (path,) = [zipped(tmp_path / "a.zip", "fox.txt", data=b"The fox lived.")]
    file = File(name="a.zip/fox.txt", path=path, size=14, member="fox.txt")
    with pytest.raises(SourceTooLarge):
        read(file, max_bytes=13)
    with pytest.raises(FileNotReadable):
        read(File(name="hen.txt", path=tmp_path / "hen.txt", size=1))
    with pytest.raises(SourceDamaged):
        read(File(name="a.zip/hen.txt", path=path, size=1, member="hen.txt"))
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b"lived", b"slept", 1))
    with pytest.raises(SourceDamaged, match="CRC"):
        read(file)
    locked = bytearray(sound)
    locked[6] |= 1
    locked[sound.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(locked)
    with pytest.raises(SourceLocked):
        read(file)


def _sound() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("fox.txt", "The fox lived under the old bridge. " * 20)
        archive.writestr("poems/crow.txt", "The crow sat on the mill.")
    return stream.getvalue()


_SOUND = _sound()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.integers(0, len(_SOUND) - 1), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, len(_SOUND)),
)
def test_a_mangled_archive_is_read_or_refused_with_a_reason(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(_SOUND)
    for place, byte in changes:
        data[place] = byte
    path = tmp_path / "a.zip"
    path.write_bytes(data[:cut] if cut % 3 else data)
    with Opener(100_000) as opener:
        for file in find([str(path)], lambda *_: None):
            try:
                opener.read(file)
            except StorybotError as error:
                assert file.name in str(error) or str(path) in str(error)  # noqa: PT017 - either may happen


@given(st.text(max_size=12), st.sampled_from(["", "/", "\\", ".", "C:/"]), st.integers(1, 80))
def test_the_label_of_a_label_is_itself_and_no_way_up(part: str, joint: str, times: int) -> None:
    shown = label(joint.join([part] * times))
    assert label(shown) == shown
    assert shown.isprintable()
    assert ".." not in shown.split("/")
    assert len(shown) <= 500


def test_a_name_of_ever_so_many_folders_keeps_the_last(tmp_path: Path) -> None:
    """Where each cost a look at the others, this would take minutes."""
    names, _ = found(zipped(tmp_path / "a.zip", "a/" * 30_000 + "fox.txt"))
    assert names == ["a/" * 96 + "fox.txt"]
