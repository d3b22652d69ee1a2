"""The web application: API, pages, and the rules that hold for every response."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter
from fastapi import FastAPI, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

import storybot
from storybot.assembly import House
from storybot.bot import Storybot
from storybot.gathering import DropFolder
from storybot.http import api, pages, problems, rendering, statics, streaming, wire
from storybot.http.guarding import Guard
from storybot.http.preferences import Preferences
from storybot.intake import Intake
from storybot.settings import Settings

_COMPRESSION = 5
"""Of zlib's levels: a book is 2 % larger than with 9, and takes less than half the time."""
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def create_app(house: House, intake: Intake, settings: Settings, drop_folder: DropFolder | None = None) -> FastAPI:
    """The application around a house. It starts intake and describer when it starts, and closes all when it ends.

    drop_folder: watched as long, if there is one.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        intake.start()
        if house.describer:
            house.describer.start(lambda: intake.busy)
        if drop_folder:
            drop_folder.start()
        yield
        if drop_folder:
            drop_folder.stop()
        if house.describer:
            house.describer.stop()
        intake.stop()
        house.close()

    app = FastAPI(
        title="storybot",
        version=storybot.__version__,
        summary="Answers questions from stories, and shows the sentence.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.stopping = lambda: False  # whoever runs the server knows; what streams without end then ends
    app.state.answer_workers = CapacityLimiter(streaming.ANSWER_WORKERS)
    problems.install(app)
    # Innermost, where most bodies are still whole and keep their length. Event streams are left as they are.
    app.add_middleware(GZipMiddleware, compresslevel=_COMPRESSION)
    rendering.install(app)
    app.add_middleware(Guard)
    if settings.host in _LOOPBACK:
        # A page elsewhere that points its own name at this machine must not read what is here (DNS rebinding).
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])
    preferences = Preferences(house.bot, settings)
    app.include_router(api.router(house, intake, settings, preferences))
    app.include_router(pages.router(house, intake, settings, preferences), include_in_schema=False)
    statics.install(app)
    _health(app, house.bot)
    return app


def _health(app: FastAPI, bot: Storybot) -> None:
    @app.get("/healthz", response_model_exclude_none=True)
    def healthz() -> wire.StatusReply:
        """Whether the server lives."""
        return wire.StatusReply(status="ok")

    @app.get("/readyz", response_model_exclude_none=True, responses={503: {"model": wire.StatusReply}})
    def readyz(response: Response) -> wire.StatusReply:
        """Whether questions are answered at once: 503 while the model loads."""
        response.status_code = 200 if bot.ready else 503
        trouble = str(bot.trouble) if bot.trouble else None
        return wire.StatusReply(status="ready" if bot.ready else "failed" if trouble else "loading", detail=trouble)
