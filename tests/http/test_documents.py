"""Documents and collections over the API."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from storybot.assembly import House
from storybot.http.originals import disposition
from storybot.library import Library
from storybot.model import Source
from storybot.undoing import UNDO_SECONDS
from tales import TALES, AddTales

Names = Callable[..., list[str]]


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    return shared_client


@pytest.fixture
def names(client: TestClient) -> Names:
    def get(**query: str) -> list[str]:
        documents = client.get("/api/documents", params=query).raise_for_status().json()["documents"]
        return [document["name"] for document in documents]

    return get


def test_the_catalogue_is_searched_and_sorted(add_tales: AddTales, names: Names, library: Library) -> None:
    add_tales("sorted")
    assert names(collection="sorted", sort="words") == ["crow.txt", "fox.txt", "Owl.md"]
    assert names(collection="sorted", sort="name", order="descending") == ["Owl.md", "fox.txt", "crow.txt"]
    assert names(collection="sorted", search="THE owl") == ["Owl.md"]
    assert names(collection="sorted", search="txt crow") == ["crow.txt"]
    assert names(search="mice") == []
    for number in (10, 9, 1):
        library.add(Source(name=f"tale {number}.txt", data=f"Tale {number}.".encode(), collection="sorted"))
    assert names(collection="sorted", search="tale") == ["tale 1.txt", "tale 9.txt", "tale 10.txt"]
    for sort in ("title", "format", "added", "collection", "passages"):
        assert len(names(collection="sorted", sort=sort)) == 6


def test_a_document_tells_what_is_known_of_it(client: TestClient, add_tales: AddTales) -> None:
    told = client.get(f"/api/documents/{add_tales('known')['Owl.md']}").json()
    assert (told["format"], told["minutes"], told["collection"]) == ("markdown", 1, "known")
    assert told["words"] > 10
    assert len(told["digest"]) == 64


def test_an_outline_names_the_sections_and_their_places(client: TestClient, add_tales: AddTales) -> None:
    owl = add_tales("outlined")["Owl.md"]
    outline = client.get(f"/api/documents/{owl}/outline").json()
    text = client.get(f"/api/documents/{owl}/text").json()["text"]
    assert outline["document"]["name"] == "Owl.md"
    last = outline["sections"][-1]
    assert last["heading"].endswith("At night")
    assert (last["level"], last["page"], last["end"]) == (2, "", len(text))
    assert "hunted mice" in text[last["start"] : last["end"]]


def test_the_original_is_downloaded_as_it_came_and_never_shown(client: TestClient, add_tales: AddTales) -> None:
    response = client.get(f"/api/documents/{add_tales('originals')['Owl.md']}/original")
    assert response.content == TALES["Owl.md"].encode()
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-disposition"] == "attachment; filename=\"Owl.md\"; filename*=UTF-8''Owl.md"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("tales/fox.txt", "attachment; filename=\"fox.txt\"; filename*=UTF-8''fox.txt"),
        ('a"b\\c;d.txt', "attachment; filename=\"a_b_c_d.txt\"; filename*=UTF-8''a%22b%5Cc%3Bd.txt"),
        ("Märchen.epub", "attachment; filename=\"Marchen.epub\"; filename*=UTF-8''M%C3%A4rchen.epub"),
        ("ұлт", "attachment; filename=\"document\"; filename*=UTF-8''%D2%B1%D0%BB%D1%82"),
    ],
)
def test_a_downloads_name_can_break_no_header(name: str, header: str) -> None:
    assert disposition(name) == header
    assert header.isascii()


def test_an_original_that_was_not_kept_is_a_problem_with_a_remedy(
    client: TestClient, shared_house: House, add_tales: AddTales, library: Library
) -> None:
    fox = add_tales("older")["fox.txt"]
    engine = shared_house.bot._engine
    document, passages, vectors = engine.document(fox), engine.passages(fox), engine.vectors(fox)
    library.drop(fox)
    engine.put(replace(document, digest=""), passages, vectors, library.manifest())
    response = client.get(f"/api/documents/{fox}/original")
    assert response.status_code == 404
    assert "Add it again" in response.json()["detail"]
    about = client.get(f"/documents/{fox}/about").text
    assert ("not kept" in about, "/original" in about) == (True, False)


def test_documents_are_moved_and_keep_their_ids(client: TestClient, add_tales: AddTales, names: Names) -> None:
    ids = add_tales("moved")
    moved = client.patch(f"/api/documents/{ids['fox.txt']}", json={"collection": " animals\n"}).json()
    assert (moved["id"], moved["collection"]) == (ids["fox.txt"], "animals")
    body = {"documents": [ids["Owl.md"], ids["crow.txt"]], "collection": "animals"}
    reply = client.post("/api/documents/move", json=body).json()
    assert [document["collection"] for document in reply["documents"]] == ["animals", "animals"]
    assert len(names(collection="animals")) == 3
    assert names(collection="moved") == []


def test_deleted_documents_are_restored_with_what_was_known_of_them(client: TestClient, add_tales: AddTales) -> None:
    ids = add_tales("undone")
    fox = ids["fox.txt"]

    def found() -> bool:
        body = {"query": "fox under the bridge", "collection": "undone", "rerank": False}
        return fox in {hit["document"]["id"] for hit in client.post("/api/search", json=body).json()["hits"]}

    assert found()
    before = client.get(f"/api/documents/{fox}").json()
    told = client.post("/api/documents/delete", json={"documents": [fox, fox, ids["crow.txt"]]}).json()
    assert told == {"documents": [fox, ids["crow.txt"]], "undo_seconds": UNDO_SECONDS}
    assert not found()
    restored = client.post(f"/api/documents/{fox}/restore").json()
    assert restored | {"added": before["added"]} == before
    assert found()
    assert client.get(f"/api/documents/{fox}/original").content == TALES["fox.txt"].encode()
    assert client.post(f"/api/documents/{fox}/restore").status_code == 404


def test_if_one_document_is_not_there_none_is_deleted(client: TestClient, add_tales: AddTales, names: Names) -> None:
    fox = add_tales("whole")["fox.txt"]
    assert client.post("/api/documents/delete", json={"documents": [fox, "nowhere"]}).status_code == 404
    assert len(names(collection="whole")) == 3
    assert client.post("/api/documents/delete", json={"documents": []}).status_code == 422


def test_what_was_dropped_cannot_be_restored(client: TestClient, add_tales: AddTales) -> None:
    fox = add_tales("dropped")["fox.txt"]
    assert client.delete(f"/api/documents/{fox}").status_code == 204
    assert client.post(f"/api/documents/{fox}/restore").status_code == 404


def test_what_took_a_documents_name_meanwhile_is_not_lost_by_an_undo(
    client: TestClient, add_tales: AddTales, library: Library
) -> None:
    fox = add_tales("taken")["fox.txt"]
    client.post("/api/documents/delete", json={"documents": [fox]})
    library.add(Source(name="fox.txt", data=b"Another fox lived in a den.", collection="taken"))
    response = client.post(f"/api/documents/{fox}/restore")
    assert response.status_code == 409
    assert "fox.txt" in response.json()["detail"]
    (other,) = (entry.id for entry in library.entries("taken") if entry.name == "fox.txt")
    library.drop(other)
    assert client.post(f"/api/documents/{fox}/restore").status_code == 200


def test_collections_are_begun_renamed_and_dropped(client: TestClient, add_tales: AddTales) -> None:
    fox = add_tales("tales")["fox.txt"]
    assert client.post("/api/collections", json={"name": "a/b "}).json() == {"name": "a/b", "documents": 0}
    assert client.post("/api/collections", json={"name": "a/b"}).status_code == 409
    assert client.post("/api/collections", json={"name": "\u200b"}).status_code == 422
    assert client.patch("/api/collections/tales", json={"name": "fables"}).json() == {"name": "fables", "documents": 3}
    assert client.get(f"/api/documents/{fox}").json()["collection"] == "fables"
    assert client.delete("/api/collections/a%2Fb").status_code == 204
    assert client.delete("/api/collections/fables").status_code == 204
    assert client.get(f"/api/documents/{fox}").status_code == 404
    names = {collection["name"] for collection in client.get("/api/collections").json()["collections"]}
    assert not {"fables", "tales", "a/b"} & names
    for response in (client.delete("/api/collections/fables"), client.patch("/api/collections/x", json={"name": "y"})):
        assert response.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "nowhere/outline", None),
        ("GET", "nowhere/original", None),
        ("PATCH", "nowhere", {"collection": "x"}),
        ("POST", "nowhere/restore", None),
        ("POST", "move", {"documents": ["nowhere"], "collection": "x"}),
    ],
)
def test_a_document_that_is_not_there_is_a_problem(client: TestClient, method: str, path: str, body: object) -> None:
    response = client.request(method, f"/api/documents/{path}", json=body)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")
    assert "nowhere" in response.json()["detail"]
