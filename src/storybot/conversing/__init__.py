"""Conversations: questions that follow each other, kept with their answers."""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress

from storybot.bot import Storybot
from storybot.conversing.exporting import Form, exported
from storybot.errors import DocumentNotFound, EmptyTitle
from storybot.following import REACH
from storybot.model import DEFAULT_COLLECTION, Conversation, Done, Entry, Event, Feedback, Kept, Scope, Trail, Turn
from storybot.ports import Archive, Pulse

MOST_TURNS = 50
"""Turns that are read at once."""

_TITLE_LETTERS = 80


class Conversations:
    """The conversations with a bot. Safe to call from any thread."""

    def __init__(self, bot: Storybot, archive: Archive) -> None:
        self._bot = bot
        self._archive = archive

    def begin(self, collection: str = DEFAULT_COLLECTION, title: str = "") -> Conversation:
        """A new conversation; without a title, its first question becomes that."""
        return self._archive.begin(_short(title), collection)

    def all(self, search: str = "") -> list[Conversation]:
        """Those whose title, questions or answers hold each word of `search`; the last changed first."""
        return self._archive.conversations(search)

    def one(self, conversation_id: str) -> Conversation:
        """The conversation's line in the list. Raises: ConversationNotFound."""
        return self._archive.conversation(conversation_id)

    def rename(self, conversation_id: str, title: str) -> Conversation:
        """Call it otherwise. Raises: ConversationNotFound, EmptyTitle."""
        if all(unicodedata.category(letter)[0] in "CZ" for letter in title):
            raise EmptyTitle  # nothing to be seen of it
        return self._archive.rename(conversation_id, _short(title))

    def remove(self, conversation_id: str) -> None:
        """Forget it, wholly. Raises: ConversationNotFound."""
        self._archive.remove(conversation_id)

    def turns(self, conversation_id: str, *, before: int | None = None, most: int = MOST_TURNS) -> list[Turn]:
        """The last `most` turns with a number smaller than `before`, by number. Raises: ConversationNotFound."""
        return self._archive.turns(conversation_id, before=before, most=most)

    def turn(self, turn_id: str) -> Turn:
        """One turn. Raises: TurnNotFound."""
        return self._archive.turn(turn_id)

    def ask(
        self,
        conversation_id: str | None,
        question: str,
        document_ids: tuple[str, ...] = (),
        *,
        collection: str = DEFAULT_COLLECTION,
        literal: bool = False,
    ) -> Turn:
        """The turn that a question makes. Raises: what `stream` raises."""
        for event in self.stream(conversation_id, question, document_ids, collection=collection, literal=literal):
            if isinstance(event, Kept):
                return event.turn
        message = "a stream of a turn's events ends with Kept"
        raise AssertionError(message)

    def stream(  # noqa: PLR0913 - what a question may come with
        self,
        conversation_id: str | None,
        question: str,
        document_ids: tuple[str, ...] = (),
        *,
        collection: str = DEFAULT_COLLECTION,
        literal: bool = False,
        pulse: Pulse = lambda: None,
    ) -> Iterator[Event | Kept]:
        """The events of an answer, then the turn as it was kept.

        conversation_id: None begins a conversation in `collection`, once there is an answer to keep: a question that is
        refused leaves none behind. document_ids: where to look, in the conversation's collection; none: in all of it.
        literal: the question stands alone, whatever went before. Stopped by `pulse`, what came until then is kept.

        Raises: ConversationNotFound, DocumentNotFound, InputError.
        """
        conversation = None if conversation_id is None else self._archive.conversation(conversation_id)
        history = [] if literal or conversation is None else self._archive.turns(conversation.id, most=REACH)
        scope = Scope(collection=conversation.collection if conversation else collection, document_ids=document_ids)
        for event in self._bot.stream(question, scope, history, pulse=pulse):
            yield event
            if isinstance(event, Done):
                kept_in = conversation or self.begin(collection)
                turn = self._archive.keep(kept_in.id, event.answer, history)
                if not self._archive.conversation(kept_in.id).title:
                    self._archive.rename(kept_in.id, _short(question))
                yield Kept(turn=turn)

    def trail(self, turn_id: str, document_ids: tuple[str, ...] = ()) -> Trail:
        """How the turn's question finds its answer in the corpus as it is now. Raises: TurnNotFound, DocumentNotFound.

        document_ids: where to look, as a turn doesn't keep where it looked; none: in all of its collection.
        """
        turn = self._archive.turn(turn_id)
        scope = Scope(collection=self._archive.conversation(turn.conversation_id).collection, document_ids=document_ids)
        leans = turn.standalone != turn.question
        before = self._archive.turns(turn.conversation_id, before=turn.number, most=REACH) if leans else []
        return self._bot.trail(turn.question, scope, before)

    def documents(self, turns: Iterable[Turn]) -> dict[str, Entry]:
        """The documents that turns show the nearest passages of, by id; none that was removed meanwhile."""
        found = {}
        for document_id in {passage.document_id for turn in turns for passage in turn.nearest}:
            with suppress(DocumentNotFound):
                found[document_id] = self._bot.library.entry(document_id)
        return found

    def all_turns(self, conversation_id: str) -> list[Turn]:
        """All turns, by number. Raises: ConversationNotFound."""
        pages = [self.turns(conversation_id)]
        while pages[-1]:
            pages.append(self.turns(conversation_id, before=pages[-1][0].number))
        return [turn for page in reversed(pages) for turn in page]

    def export(self, conversation_id: str, form: Form) -> str:
        """The whole conversation as a text in a form to take away. Raises: ConversationNotFound."""
        conversation, turns = self.one(conversation_id), self.all_turns(conversation_id)
        return exported(conversation, turns, self.documents(turns), form)

    def judge(self, turn_id: str, feedback: Feedback | None) -> Turn:
        """Note what the user thinks of an answer; None takes it back. Raises: TurnNotFound."""
        return self._archive.judge(turn_id, feedback)

    def judged(self) -> list[Turn]:
        """All turns with a feedback, the latest asked first."""
        return self._archive.judged()


def _short(text: str) -> str:
    """A title: one line, not too long, of letters that can be stored."""
    words = " ".join(text.encode(errors="replace").decode().split())
    return words if len(words) <= _TITLE_LETTERS else f"{words[: _TITLE_LETTERS - 1]}…"
