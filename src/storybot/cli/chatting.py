"""The chat on the command line: questions from standard input, answers as they come."""

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress

import typer

from storybot import errors
from storybot.cli.braking import Brake
from storybot.cli.opening import asking_house
from storybot.cli.printing import say
from storybot.cli.telling import closing_lines, piece_words, understood_line
from storybot.conversing import Conversations
from storybot.model import Event, Kept, Piece, Scope, Understood
from storybot.settings import Settings

_END = ":q"
_PROMPT = "> "


def run_chat(
    settings: Settings, scope: Scope, conversation_id: str | None, *, last: bool
) -> list[errors.StorybotError]:
    """Ask what is typed or piped in, in the conversation named, the last, or a new one.

    Gives what was wrong with piped questions that couldn't be asked. Raises: ConversationNotFound, DocumentNotFound.
    """
    failures: list[errors.StorybotError] = []
    typing = sys.stdin.isatty()
    with asking_house(settings) as house:
        talk = _Talk(house.conversations, scope)
        if conversation_id or last:
            talk.resume(conversation_id)
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")  # a byte that is no letter spoils no more than its word
        lines = _typed(talk.asked()) if typing else sys.stdin
        with suppress(KeyboardInterrupt):
            for question in _questions(lines):
                try:
                    talk.ask(question)
                except errors.InputError as error:
                    failures.append(error)
                    say(f"storybot: {error}")
    return [] if typing else failures


class _Talk:
    """A conversation at the terminal. A new one begins with its first question that is not refused."""

    def __init__(self, conversations: Conversations, scope: Scope) -> None:
        self._conversations = conversations
        self._scope = scope
        self._id: str | None = None

    def resume(self, conversation_id: str | None) -> None:
        """Go on with a conversation: the last where none is named. Raises: ConversationNotFound."""
        ids = [conversation_id] if conversation_id else [line.id for line in self._conversations.all()[:1]]
        for known in ids:
            self._id = self._conversations.one(known).id
        if not ids:
            say("No conversation yet: this is the first.")

    def asked(self) -> list[str]:
        """The questions so far, the latest last."""
        return [turn.question for turn in self._conversations.turns(self._id)] if self._id else []

    def ask(self, question: str) -> None:
        """Print the answer as it comes. Raises: InputError, NotFound."""
        brake = Brake()
        with brake.at_hand():
            for event in self._conversations.stream(
                self._id, question, self._scope.document_ids, collection=self._scope.collection, pulse=brake.pulse
            ):
                self._print(event)
                if isinstance(event, Kept):
                    self._id = event.turn.conversation_id

    def _print(self, event: Event | Kept) -> None:
        if isinstance(event, Understood):
            typer.echo(understood_line(event.question))
        elif isinstance(event, Piece):
            typer.echo(piece_words(event), nl=False)
            sys.stdout.flush()
        elif isinstance(event, Kept):
            turn = event.turn
            lines = [""] if turn.pieces else []
            lines += [*closing_lines(turn, self._conversations.documents([turn])), ""]
            typer.echo("\n".join(lines))


def _questions(lines: Iterable[str]) -> Iterator[str]:
    """What is asked up to the end."""
    for question in map(str.strip, lines):
        if question == _END:
            return
        if question:
            yield question


def _typed(asked: Iterable[str]) -> Iterator[str]:
    """Lines with editing and a history, where the standard library can; none of it is written to a file."""
    with suppress(ImportError):
        import readline  # noqa: PLC0415 - for a terminal alone

        for question in asked:
            readline.add_history(question)
    while True:
        try:
            yield input(_PROMPT)
        except EOFError:
            typer.echo()
            return
