import inspect

import pytest

from storybot import errors
from storybot.cli.exits import EXIT_CODES, exit_code
from storybot.http.problems import STATUSES, status_of

CLASSES = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, errors.StorybotError)]


@pytest.mark.parametrize("error", CLASSES)
def test_every_error_is_drawn_in_the_tree_and_has_a_status_and_an_exit_code(error: type[errors.StorybotError]) -> None:
    assert error is errors.StorybotError or f"+-- {error.__name__}" in (errors.__doc__ or "")
    assert 400 <= status_of(error) < 600
    assert exit_code(error) > 1
    assert error.__doc__


def test_the_tables_name_only_classes_that_are_there() -> None:
    assert {*STATUSES, *EXIT_CODES} <= set(CLASSES)
