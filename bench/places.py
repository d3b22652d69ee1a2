"""Every page of storybot, by a short name: what is looked at, timed and photographed. A new page is a line here."""

import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx

PLACES: Final[Mapping[str, str]] = {
    "welcome": "/",
    "invitation": "/?collection=nothing-yet",
    "answer": "{found}",
    "no-answer": "{unfound}",
    "several": "{several}",
    "library": "/library",
    "about": "{document}/about?q=grandmother",
    "entity": "{document}/entities?name={name}",
    "document": "{document}",
    "sentence": "{document}?start={start}&end={end}&conversation={conversation}#cited",
    "sought": "{document}?find=music",
    "trail": "/turns/{turn}/trail",
    "settings": "/settings",
    "conversations": "/conversations",
    "nothing-found": "/conversations?search=zeppelin",
    "problem": "/documents/nowhere",
    "delete": "{document}/delete",
    "delete-conversation": "{found}/delete",
    "delete-collection": "/library/collections/delete?name=stories",
}
"""Addresses: `turn` is that of the conversation `found`, whose sentence is `start` to `end`.

`unfound` and `several` are conversations too; `name` is that of somebody in the document.
"""

QUESTION = "What did Bakhyt's grandmother play?"
FOXES: Final = {
    "bridge.txt": b"The fox lived under the old stone bridge. Every evening it looked at the moon.",
    "oak.txt": b"This is another story. The fox lived in a hollow oak at the edge of the wood.",
}
"""Two documents that answer differently."""

UNANSWERED = "How old is the captain of the submarine?"
PATIENCE_S = 120


def places(home: str) -> Mapping[str, str]:
    """The address of each page, once the server at `home`, which has the shipped story, was asked what they show."""
    with httpx.Client(base_url=home, timeout=PATIENCE_S) as client:
        found, turn = _asked(client, QUESTION)
        unfound, _ = _asked(client, UNANSWERED)
        _add(client, FOXES, "foxes")
        several, _ = _asked(client, "Where did the fox live?", "foxes")
        (cited,) = turn["citations"]
        overview = _awaited_overview(client, cited["document"]["id"])
    parts = {
        "found": found,
        "unfound": unfound,
        "several": several,
        "document": f"/documents/{cited['document']['id']}",
        "name": quote(overview["entities"][0]["name"]),
        "conversation": turn["conversation"],
        "turn": turn["id"],
        "start": cited["start"],
        "end": cited["end"],
    }
    return {name: form.format(**parts) for name, form in PLACES.items()}


def _awaited_overview(client: httpx.Client, document_id: str) -> dict[str, Any]:
    """What the document is about: until that is known, its page says less than it will."""
    began = time.monotonic()
    while True:
        overview: dict[str, Any] = client.get(f"/api/documents/{document_id}/overview").raise_for_status().json()
        if overview["state"] != "waiting":
            return overview
        assert time.monotonic() - began < PATIENCE_S, "the document was never described"
        time.sleep(0.1)


def _add(client: httpx.Client, files: Mapping[str, bytes], collection: str) -> None:
    """Documents in a collection, once they can be asked."""
    parts = [("files", (name, data)) for name, data in files.items()]
    client.post("/api/documents", files=parts, data={"collection": collection}).raise_for_status()
    began = time.monotonic()
    while len(client.get("/api/documents", params={"collection": collection}).json()["documents"]) < len(files):
        assert time.monotonic() - began < PATIENCE_S, "the documents never came in"
        time.sleep(0.1)


def _asked(client: httpx.Client, question: str, collection: str = "stories") -> tuple[str, dict[str, Any]]:
    """A new conversation's page, and its only turn."""
    conversation = client.post("/api/conversations", json={"collection": collection}).raise_for_status().json()["id"]
    turn = client.post(f"/api/conversations/{conversation}/turns", json={"question": question}).raise_for_status()
    return f"/conversations/{conversation}", turn.json()
