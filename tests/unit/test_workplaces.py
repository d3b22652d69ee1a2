import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from storybot.assembly import build_house
from storybot.errors import DiskFull, FolderNotWritable, StorybotError
from storybot.settings import Settings
from storybot.workplaces import sweep, workplace

_KILLED = """
import os, sys
from pathlib import Path
from storybot.workplaces import workplace
with workplace(Path(sys.argv[1])) as place:
    (place / "corpus.db").write_text("The fox lived under the bridge.")
    os.kill(os.getpid(), 9)
"""


def test_what_a_killed_export_left_goes_when_the_corpus_is_opened(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert list(tmp_path.glob("*/corpus.db"))
    build_house(Settings(data=tmp_path), empty=True).close()
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_folder_that_is_worked_in_stays_and_so_does_one_of_the_users(tmp_path: Path) -> None:
    (tmp_path / "working-notes").mkdir()
    with workplace(tmp_path) as place:
        sweep(tmp_path)
        assert place.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["working-notes"]


@pytest.mark.parametrize(("code", "told"), [(errno.ENOSPC, DiskFull), (errno.EROFS, FolderNotWritable)])
def test_where_no_folder_can_be_made_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, told: type[StorybotError]
) -> None:
    def refusing(*_: object) -> str:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("tempfile.mkdtemp", refusing)
    with pytest.raises(told, match=tmp_path.name), workplace(tmp_path):
        pass
