"""Exit codes: what they tell a program that calls ours."""

from storybot import errors

EXIT_CODES: dict[type[errors.StorybotError], int] = {
    errors.InputError: 2,
    errors.NotFound: 3,
    errors.StorybotError: 4,
}
"""0: done; 1: the story does not say, or a question was answered with no; 2: mend the input; 3: no such thing;
4: mend the set-up; 130: ended by Ctrl+C."""

INTERRUPTED = 130
"""What shells tell of a program that a signal ended: 128 and the signal's number."""


def exit_code(error: type[errors.StorybotError]) -> int:
    """The exit code that tells of an error: that of its nearest class in the table."""
    return next(EXIT_CODES[base] for base in error.__mro__ if base in EXIT_CODES)
