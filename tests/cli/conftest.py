"""What the tests of the command line share."""

import pytest


@pytest.fixture(autouse=True)
def _exported_model(data_folder: object) -> None:
    """The data folder of each test holds the exported model: a process that must export it first takes seconds more."""
