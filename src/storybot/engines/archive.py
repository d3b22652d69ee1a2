"""Conversations in the corpus file."""

import json
import secrets
import sqlite3
from collections.abc import Callable, Sequence

from storybot.engines import laws, turns, wiping
from storybot.engines.connections import Connections
from storybot.errors import ConversationNotFound, TurnNotFound
from storybot.model import Answer, Conversation, Feedback, Turn

_ID_BYTES = 9

_SELECT = """
    SELECT c.id, c.title, c.collection, c.begun, c.changed,
        (SELECT coalesce(max(number), 0) FROM turns WHERE conversation = c.key)
    FROM conversations c
"""

_NEXT_MOVE = "(SELECT coalesce(max(moved), 0) + 1 FROM conversations)"

_HOLDING_ALL_WORDS = """
    WHERE NOT EXISTS (
        SELECT 1 FROM json_each(:words) sought WHERE NOT instr(casefold(c.title), sought.value) AND NOT EXISTS (
            SELECT 1 FROM turns t WHERE t.conversation = c.key
            AND (instr(casefold(t.question), sought.value) OR instr(casefold(t.told), sought.value))
        )
    )
"""


class SqliteArchive:
    """An `Archive` in the corpus file. What it writes changes neither the corpus' generation nor its stamp."""

    def __init__(self, connections: Connections, wipe: Callable[[], None]) -> None:
        """wipe: lets nothing that was removed linger in any file."""
        self._connections = connections
        self._wipe = wipe

    def begin(self, title: str, collection: str) -> Conversation:
        """A new conversation, without turns."""
        conversation_id, now = secrets.token_urlsafe(_ID_BYTES), laws.now()
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO conversations (id, title, collection, begun, changed, moved) "  # noqa: S608 - no value of a user
                f"VALUES (?, ?, ?, ?, ?, {_NEXT_MOVE})",
                (conversation_id, title, collection, now, now),
            )
            return _conversation(connection, conversation_id)

    def conversations(self, search: str = "") -> list[Conversation]:
        """All that hold each word of `search`; the last changed first."""
        words = [word.casefold() for word in search.split()]
        condition = _HOLDING_ALL_WORDS if words else ""
        with self._connections.reading() as connection:
            connection.create_function("casefold", 1, str.casefold, deterministic=True)
            found = connection.execute(f"{_SELECT} {condition} ORDER BY c.moved DESC", {"words": json.dumps(words)})
            return [_line(row) for row in found]

    def conversation(self, conversation_id: str) -> Conversation:
        """The conversation's line in the list."""
        with self._connections.reading() as connection:
            return _conversation(connection, conversation_id)

    def rename(self, conversation_id: str, title: str) -> Conversation:
        """Call it otherwise."""
        with self._connections.writing() as connection:
            key = _key_of(connection, conversation_id)
            connection.execute("UPDATE conversations SET title = ? WHERE key = ?", (title, key))
            _move(connection, key)
            return _conversation(connection, conversation_id)

    def remove(self, conversation_id: str) -> None:
        """Forget it, and every trace of it in the folder."""
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM conversations WHERE key = ?", (_key_of(connection, conversation_id),))
            wiping.mark_removal(connection)
        self._wipe()

    def keep(self, conversation_id: str, answer: Answer, history: Sequence[Turn] = ()) -> Turn:
        """Put an answer at the conversation's end."""
        turn_id = secrets.token_urlsafe(_ID_BYTES)
        with self._connections.writing() as connection:
            key = _key_of(connection, conversation_id)
            turns.write(connection, turn_id, key, answer, history)
            _move(connection, key)
            return _turn(connection, turn_id)

    def turns(self, conversation_id: str, *, before: int | None = None, most: int) -> list[Turn]:
        """The last `most` turns with a number smaller than `before`, by number."""
        with self._connections.reading() as connection:
            values = {"conversation": _key_of(connection, conversation_id), "before": before, "most": most}
            condition = "t.conversation = :conversation AND (:before IS NULL OR t.number < :before)"
            found = turns.read(connection, f"{condition} ORDER BY t.number DESC LIMIT :most", values)
        return found[::-1]

    def turn(self, turn_id: str) -> Turn:
        """One turn."""
        with self._connections.reading() as connection:
            return _turn(connection, turn_id)

    def judge(self, turn_id: str, feedback: Feedback | None) -> Turn:
        """Note what the user thinks of the answer; None takes it back."""
        with self._connections.writing() as connection:
            connection.execute("UPDATE turns SET feedback = ? WHERE id = ?", (feedback, turn_id))
            return _turn(connection, turn_id)

    def judged(self) -> list[Turn]:
        """All turns with a feedback, the latest asked first."""
        with self._connections.reading() as connection:
            return turns.read(connection, "t.feedback IS NOT NULL ORDER BY t.key DESC", {})


def _key_of(connection: sqlite3.Connection, conversation_id: str) -> int:
    row = connection.execute("SELECT key FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    if row is None:
        raise ConversationNotFound(conversation_id)
    return int(row[0])


def _conversation(connection: sqlite3.Connection, conversation_id: str) -> Conversation:
    row = connection.execute(f"{_SELECT} WHERE c.id = ?", (conversation_id,)).fetchone()
    if row is None:
        raise ConversationNotFound(conversation_id)
    return _line(row)


def _line(row: tuple[str, str, str, str, str, int]) -> Conversation:
    conversation_id, title, collection, begun, changed, count = row
    return Conversation(
        id=conversation_id, title=title, collection=collection, begun=begun, changed=changed, turns=count
    )


def _move(connection: sqlite3.Connection, key: int) -> None:
    """Note that the conversation has changed: it comes first in the list."""
    connection.execute(
        f"UPDATE conversations SET changed = ?, moved = {_NEXT_MOVE} WHERE key = ?",  # noqa: S608 - no value of a user
        (laws.now(), key),
    )


def _turn(connection: sqlite3.Connection, turn_id: str) -> Turn:
    found = turns.read(connection, "t.id = :id", {"id": turn_id})
    if not found:
        raise TurnNotFound(turn_id)
    return found[0]
