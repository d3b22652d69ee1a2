"""Language models behind any server that speaks OpenAI's protocol: llama.cpp, Ollama, vLLM, or a hosted one."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from storybot.errors import AnswerBroken, AnswererFailed, AnswererUnreachable, KeyRefused, ModelRefused
from storybot.model import Claim, Hit, Reading
from storybot.ports import CountTokens, Pulse
from storybot.prompting import Prompt, claims, prompt

if TYPE_CHECKING:
    from openai import AsyncOpenAI, Omit
    from openai.types.chat import ChatCompletionMessageParam

_SLICE_S = 0.1
"""How long the worker waits before it asks the pulse again."""

_CONNECT_S = 5.0
_GOING_S = 1.0
"""How long a worker that stops waits for the connection to close."""

_RETRIES = 2
"""Of a server that is busy, failing or not there yet; the waits in between grow from half a second on."""

_NO_KEY = "none"
_NO_ANSWER = "what it sends is no answer"
_LONGEST_REASON = 200
_KEY_REFUSED = (401, 403)
_MODEL_REFUSED = (400, 404, 422)
_BUSY = 429
_Word = str | BaseException | None
"""Words as they come; then why no more come, or None where the model has finished."""


class OpenAIAnswerer:
    """Asks a language model to word the answer. Safe to call from any thread: each answer has its own connection."""

    def __init__(  # noqa: PLR0913 - what a server asks for
        self, url: str, model: str, key: str, *, timeout_s: float, context_tokens: int, count_tokens: CountTokens
    ) -> None:
        """model: empty for the first that the server lists. timeout_s: the longest wait for the next words."""
        self._url = url
        self._model = model
        # A key out of a file often brings its line's end along.
        self._key = key.strip()
        self._timeout_s = timeout_s
        self._context_tokens = context_tokens
        self._count_tokens = count_tokens

    def answer(self, question: str, hits: Sequence[Hit], readings: Sequence[Reading], pulse: Pulse) -> Iterator[Claim]:
        """The model's sentences as they come, each with the sentences that its marks point at; none where it refuses.

        It isn't asked where the question leaves no room for a sentence of the text.
        Raises: AnswererUnreachable, KeyRefused, ModelRefused, AnswerBroken; and what `pulse` raises.
        """
        if not (self._key.isascii() and self._key.isprintable()):
            raise KeyRefused(self._url)
        asked = prompt(question, hits, readings, tokens=self._context_tokens, count_tokens=self._count_tokens)
        if not asked.evidence:
            return
        with closing(self._words(asked, pulse)) as words:
            for claim in claims(words, asked.evidence):
                yield replace(claim, text=self._masked(claim.text))

    def _words(self, asked: Prompt, pulse: Pulse) -> Generator[str]:
        """The model's words as they come, from a thread of their own, which ends when they aren't wanted any more."""
        said: queue.SimpleQueue[_Word] = queue.SimpleQueue()
        speaking = _Speaking(lambda: self._speak(asked, said.put), said.put)
        try:
            heard = time.monotonic()
            while True:
                pulse()
                word: _Word = ""
                with suppress(queue.Empty):
                    word = said.get(timeout=_SLICE_S)
                if word is None:
                    return
                if isinstance(word, BaseException):
                    # The cause isn't chained: a server may have put the key into it, and a log shows it.
                    raise self._error(word) from None
                if word:
                    yield word
                    # The time that the consumer took isn't the model's.
                    heard = time.monotonic()
                elif time.monotonic() - heard > self._timeout_s:
                    raise AnswererUnreachable(self._url, f"nothing came for {self._timeout_s:g} seconds")
        finally:
            speaking.stop()

    async def _speak(self, asked: Prompt, say: Callable[[_Word], None]) -> None:
        async with _client(self._url, self._key) as client:
            model = self._model or await self._first_model(client)
            stream = await client.chat.completions.create(
                model=model,
                messages=cast("list[ChatCompletionMessageParam]", [dict(message) for message in asked.messages]),
                max_tokens=asked.answer_tokens,
                temperature=0,
                stream=True,
            )
            finish = ""
            async with stream:
                async for chunk in stream:
                    text, finish = self._heard(chunk, finish)
                    # A server that sends nothing but empty words stays silent.
                    if text:
                        say(text)
            if finish != "stop":
                # What follows the last whole sentence is no sentence, and isn't said.
                reason = f"it reached its {asked.answer_tokens} tokens" if finish == "length" else self._shown(finish)
                raise AnswerBroken(self._url, reason or "its words stopped before their end")
        say(None)

    async def _first_model(self, client: "AsyncOpenAI") -> str:
        with suppress(AttributeError, TypeError, IndexError):
            return str((await client.models.list()).data[0].id)
        raise ModelRefused(self._url, "", "it lists no model")

    def _heard(self, chunk: Any, finish: str) -> tuple[str, str]:  # noqa: ANN401 - a server may send what it likes
        """The words of a chunk ("" where it has none), and why the model ended, if it did. Raises: AnswerBroken."""
        try:
            if not chunk.choices:
                return "", finish
            choice = chunk.choices[0]
            text, reason = choice.delta.content or "", choice.finish_reason or finish
        except (AttributeError, TypeError, IndexError, KeyError) as error:
            raise AnswerBroken(self._url, _NO_ANSWER) from error
        if not isinstance(text, str):
            raise AnswerBroken(self._url, _NO_ANSWER)
        return _plain(text), str(reason)

    def _error(self, error: BaseException) -> BaseException:
        """The error as storybot tells it. Any other than the protocol's is a fault of ours and stays as it is."""
        import openai  # noqa: PLC0415 - imported when it is used

        if isinstance(error, openai.APIConnectionError):
            return AnswererUnreachable(self._url, self._reason(error.__cause__ or error))
        if isinstance(error, openai.APIStatusError):
            return self._refusal(error.status_code, self._reason(error))
        if isinstance(error, ValueError):
            return AnswerBroken(self._url, _NO_ANSWER)
        return AnswerBroken(self._url, self._reason(error)) if isinstance(error, openai.APIError) else error

    def _refusal(self, status: int, reason: str) -> AnswererFailed:
        if status in _KEY_REFUSED:
            return KeyRefused(self._url)
        if status in _MODEL_REFUSED:
            return ModelRefused(self._url, self._model, reason)
        return AnswerBroken(self._url, "it has too much to do" if status == _BUSY else f"{reason} (status {status})")

    def _reason(self, error: BaseException) -> str:
        return self._shown(str(error)) or type(error).__name__

    def _shown(self, text: str) -> str:
        """What a server says of itself, on one line, short, without the key."""
        return " ".join(self._masked(_plain(text)).split())[:_LONGEST_REASON]

    def _masked(self, text: str) -> str:
        return text.replace(self._key, "***") if self._key else text


def _plain(text: str) -> str:
    """Without the letters that no file and no reply can hold: NUL, and halves of a letter (a lone surrogate)."""
    return text.replace("\0", "").encode(errors="replace").decode()


class _Speaking:
    """A coroutine that runs in an event loop on a thread of its own until it ends or is stopped."""

    def __init__(self, speak: Callable[[], Any], failed: Callable[[BaseException], None]) -> None:
        """failed: gets what the coroutine raises."""
        self._speak = speak
        self._failed = failed
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="language-model", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        speaking = asyncio.ensure_future(self._speak())
        stopped = asyncio.ensure_future(self._stopped.wait())
        await asyncio.wait((speaking, stopped), return_when=asyncio.FIRST_COMPLETED)
        for task in (speaking, stopped):
            task.cancel()
        _, error = await asyncio.gather(stopped, _outcome(speaking), return_exceptions=True)
        if isinstance(error, BaseException):
            self._failed(error)

    def stop(self) -> None:
        """Close the connection, if it is open, and end the thread."""
        with suppress(RuntimeError):  # the loop is closed: the coroutine has ended
            self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(_GOING_S)


async def _outcome(task: "asyncio.Future[None]") -> None:
    with suppress(asyncio.CancelledError):
        await task


def _client(url: str, key: str) -> "AsyncOpenAI":
    """A client that takes nothing but proxies from the environment, and tells the server nothing of this machine."""
    import httpx2  # noqa: PLC0415 - imported when they are used
    from openai import AsyncOpenAI  # noqa: PLC0415

    class Client(AsyncOpenAI):
        @property
        def default_headers(self) -> "dict[str, str | Omit]":
            return {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "storybot"}

    # Waiting for words is timed by the worker, whom a server's "still there" doesn't deceive.
    timeout = httpx2.Timeout(None, connect=_CONNECT_S)
    return Client(base_url=url, api_key=key or _NO_KEY, timeout=timeout, max_retries=_RETRIES)
