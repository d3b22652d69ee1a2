"""The server process: a socket of its own, so that a taken port is told before anything is loaded."""

import errno
import socket
import sys

import uvicorn

from storybot.assembly import build_drop_folder, build_house
from storybot.errors import PortInUse, SettingError
from storybot.http.app import create_app
from storybot.intake import Intake
from storybot.settings import Settings

_HOST = "STORYBOT_HOST"


def run_server(settings: Settings, *, empty: bool) -> None:
    """Serve until a signal ends it. Raises: PortInUse, SettingError and what `build_house` raises."""
    with listening(settings.host, settings.port) as listener:
        house = build_house(settings, empty=empty)
        intake = Intake(house.bot, house.queue)
        app = create_app(house, intake, settings, build_drop_folder(settings, house.bot.library, intake.submit))
        host, port = listener.getsockname()[:2]
        sys.stderr.write(f"storybot is at http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl+C ends it)\n")
        sys.stderr.flush()
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        app.state.stopping = lambda: server.should_exit
        server.run(sockets=[listener])


def listening(host: str, port: int) -> socket.socket:
    """A bound socket. Raises: PortInUse, SettingError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise SettingError(_HOST, f"'{host}' is not an address of this machine") from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(host, port) from error
        raise SettingError(_HOST, f"can't listen on {host}:{port}: {error.strerror}") from error
    return listener
