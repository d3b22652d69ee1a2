"""The wheel stands alone: pages and story come with it."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]


def test_the_built_wheel_serves_the_page_and_the_story_in_an_empty_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True, timeout=120)
    # The copy in the wheel is not what coverage is measured of.
    outside = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    env = {**outside, "PYTHONPATH": str(site), "STORYBOT_DATA": str(tmp_path / "data")}
    where = subprocess.run(
        [sys.executable, "-c", "import storybot; print(storybot.__file__)"],
        env=env, cwd=empty, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert where.stdout.startswith(str(site))
    server = subprocess.Popen(
        [sys.executable, "-m", "storybot", "serve", "--port", "0"],
        env=env, cwd=empty, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stderr is not None
        url = server.stderr.readline().split()[3]
        with urlopen(f"{url}/", timeout=30) as page:  # noqa: S310 - our own server
            assert b'<link rel="stylesheet"' in page.read()
        with urlopen(f"{url}/ask", b"q=What+did+Bakhyt%27s+grandmother+play%3F", timeout=60) as page:  # noqa: S310
            assert b"the balalaika" in page.read()
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert list(empty.iterdir()) == []
