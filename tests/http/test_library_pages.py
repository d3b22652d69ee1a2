"""The library and the pages about documents as a browser without scripts gets them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import chain

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from storybot.assembly import House
from storybot.http.library_views import PAGE_DOCUMENTS, titles
from storybot.http.looks import Look, look_of
from storybot.http.telling import reading_time
from storybot.http.uploads import uploads_view
from storybot.intake import Intake
from storybot.library import Library
from storybot.model import Job, Source
from tales import AddTales


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    return shared_client


def rows(page: str) -> list[str]:
    """The names of the documents that are listed, in order."""
    cells = re.findall(r"<bdi>([^<]+)</bdi></span></th>", page)
    return [unescape(cell).rpartition(" · ")[2] for cell in cells]


def look(client: TestClient, **query: str) -> str:
    return client.get("/library", params=query).raise_for_status().text


def act(client: TestClient, collection: str, **fields: object) -> Response:
    return client.post("/library", data={"seen": Look(collection=collection).href(), **fields})


def test_the_library_lists_sorts_and_searches(client: TestClient, add_tales: AddTales) -> None:
    add_tales("listed")
    page = look(client, collection="listed")
    assert rows(page) == ["crow.txt", "fox.txt", "Owl.md"]
    assert '<th role="columnheader" scope="col" class="title" aria-sort="ascending">' in page
    assert "3 documents, " in page
    assert "Markdown" in page
    assert rows(look(client, collection="listed", sort="words", order="descending"))[0] == "Owl.md"
    found = look(client, collection="listed", search="owl")
    assert rows(found) == ["Owl.md"]
    assert 'value="owl"' in found
    assert "No document has these words" in look(client, collection="listed", search="wolf")
    assert "Nothing here yet" in look(client, collection="nothing & nobody")


def test_what_an_address_gets_wrong_is_as_if_it_were_not_said() -> None:
    assert look_of("/library?sort=taste&order=up&page=-3&search=x") == Look(search="x")
    assert look_of("/library?page=9999999999999") == look_of("http://[") == Look()
    assert Look(sort="words").sorted_by("words") == Look(sort="words", order="descending")
    assert Look(sort="words", page=3).sorted_by("title") == Look()


def test_a_long_list_is_leafed_through(client: TestClient, library: Library) -> None:
    manifest, engine = library.manifest(), library._engine
    kept = library.add(Source(name="a.txt", data=b"A tale.", collection="long"))
    document, passages, vectors = engine.document(kept.id), engine.passages(kept.id), engine.vectors(kept.id)
    for number in range(PAGE_DOCUMENTS):
        copy = {"id": f"copy{number}", "name": f"b{number:02}.txt", "text": f"{document.text} {number}"}
        engine.put(
            replace(document, id=copy["id"], name=copy["name"], text=copy["text"]),
            [replace(passages[0], document_id=copy["id"])],
            vectors,
            manifest,
        )
    first = look(client, collection="long")
    assert len(rows(first)) == PAGE_DOCUMENTS
    assert f"1 to {PAGE_DOCUMENTS} of {PAGE_DOCUMENTS + 1}" in first
    (address,) = set(re.findall(r'id="next" href="([^"]+)"', first))
    second = client.get(unescape(address)).text
    assert len(rows(second)) == 1
    assert 'rel="prev"' in second
    assert rows(look(client, collection="long", page="77")) == rows(second)


def test_ticked_documents_are_deleted_and_the_undo_puts_them_back(client: TestClient, add_tales: AddTales) -> None:
    ids = add_tales("bin")
    response = act(client, "bin", document=[ids["fox.txt"], ids["crow.txt"]], deed="delete")
    assert response.url.path == "/library"
    assert rows(response.text) == ["Owl.md"]
    assert "“Fox” and “Crow” were deleted." in response.text
    assert "Undo" in response.text
    undo = {"seen": "/library?collection=bin", "document": [ids["fox.txt"], ids["crow.txt"]]}
    back = client.post("/library/restore", data=undo)
    assert "2 documents were put back." in back.text
    assert len(rows(back.text)) == 3
    again = client.get(response.url).text
    assert "2 documents were deleted." in again
    assert 'action="/library/restore"' not in again
    late = client.post("/library/restore", data=undo)
    assert (late.status_code, "too late" in late.text) == (404, True)


def test_one_document_is_deleted_from_its_line(client: TestClient, add_tales: AddTales) -> None:
    ids = add_tales("line")
    page = act(client, "line", one=ids["fox.txt"], document=[ids["crow.txt"]], deed="delete").text
    assert rows(page) == ["crow.txt", "Owl.md"]
    assert act(client, "line", one=ids["fox.txt"]).status_code == 404


def test_an_undo_takes_no_name_from_what_came_after(client: TestClient, add_tales: AddTales, library: Library) -> None:
    fox = add_tales("clash")["fox.txt"]
    act(client, "clash", one=fox)
    library.add(Source(name="fox.txt", data=b"Another fox.", collection="clash"))
    response = client.post("/library/restore", data={"seen": "/library?collection=clash", "document": [fox]})
    assert response.status_code == 409
    assert "already holds &#39;fox.txt&#39;" in response.text


def test_ticked_documents_are_moved(client: TestClient, add_tales: AddTales) -> None:
    ids = add_tales("here")
    page = act(client, "here", document=[ids["fox.txt"], ids["Owl.md"]], deed="move", to="there").text
    assert "2 documents were moved to “there”." in page
    assert rows(page) == ["crow.txt"]
    assert rows(look(client, collection="there")) == ["fox.txt", "Owl.md"]
    refused = act(client, "here", document=[ids["crow.txt"]], deed="move", to=" ")
    assert (refused.status_code, "Call the collection something" in refused.text) == (422, True)


def test_ticked_documents_are_asked_about(client: TestClient, add_tales: AddTales) -> None:
    ids = add_tales("asked")
    chosen = [ids["fox.txt"], ids["crow.txt"]]
    response = act(client, "asked", document=chosen, deed="ask")
    assert (response.url.path, response.url.params.get_list("document")) == ("/", chosen)
    assert f'<option value="{" ".join(chosen)}" dir="auto" selected>“Fox” and “Crow”</option>' in response.text
    form = {"q": "Where did the fox live?", "document": " ".join(chosen), "collection": "asked"}
    told = client.post("/ask", data=form)
    assert "the old bridge" in told.text
    assert f'<option value="{" ".join(chosen)}" dir="auto" selected>' in told.text
    outside = {**form, "document": ids["Owl.md"]}
    assert "the old bridge" not in client.post("/ask", data=outside).text


def test_documents_of_several_collections_are_not_asked_at_once(client: TestClient, add_tales: AddTales) -> None:
    ids = [add_tales(name)["fox.txt"] for name in ("one", "other")]
    refused = act(client, "", document=ids, deed="ask")
    assert (refused.status_code, "in one collection" in refused.text) == (422, True)
    assert act(client, "", document=["nowhere"], deed="ask").status_code == 404
    nothing = act(client, "one", deed="delete")
    assert (nothing.status_code, "No document was chosen" in nothing.text) == (422, True)


def test_a_conversation_keeps_what_it_looks_in_but_for_what_is_gone(client: TestClient, add_tales: AddTales) -> None:
    ids = add_tales("kept")
    query = {"collection": "kept", "document": [ids["fox.txt"], ids["Owl.md"], ids["crow.txt"]]}
    assert "“Fox”, “The owl” and “Crow”" in client.get("/", params=query).text
    client.delete(f"/api/documents/{ids['fox.txt']}")
    page = client.get("/", params=query).text
    assert f'<option value="{ids["Owl.md"]} {ids["crow.txt"]}" dir="auto" selected>' in page


def test_the_chat_lists_no_more_than_it_shows(client: TestClient, library: Library) -> None:
    for number in range(14):
        library.add(Source(name=f"n{number:02}.txt", data=f"Tale number {number}.".encode(), collection="crowd"))
        library.begin_collection(f"crowd {number}")
    page = client.get("/", params={"collection": "crowd"}).text
    assert page.count('<li class="document"') == 12
    assert "The latest 12 of 14 documents." in page
    assert 'href="/library?collection=crowd"' in page
    assert page.count('href="/?collection=') <= 8 + 1
    oldest = next(entry for entry in library.entries("crowd") if entry.name == "n00.txt")
    chosen = client.get("/", params={"collection": "crowd", "document": oldest.id}).text
    assert f'<option value="{oldest.id}" dir="auto" selected>' in chosen


def test_collections_are_begun_renamed_and_dropped_with_a_question(client: TestClient, add_tales: AddTales) -> None:
    add_tales("old & new")
    begun = client.post("/library/collections", data={"name": " Poems ", "seen": "/library"})
    assert (begun.url.params["collection"], "Nothing here yet" in begun.text) == ("Poems", True)
    taken = client.post("/library/collections", data={"name": "Poems", "seen": "/library?collection=Poems"})
    assert (taken.status_code, "Choose another name" in taken.text) == (409, True)
    renamed = client.post("/library/collections/rename", data={"collection": "old & new", "name": "tales & more"})
    assert "has its new name" in renamed.text
    assert len(rows(renamed.text)) == 3
    wrong = client.post("/library/collections/rename", data={"collection": "Poems", "name": "tales & more"})
    assert wrong.status_code == 409
    question = client.get("/library/collections/delete", params={"name": "tales & more"}).text
    assert "Delete 3 documents</button>" in question
    assert "is empty" in client.get("/library/collections/delete", params={"name": "Poems"}).text
    dropped = client.post("/library/collections/delete", data={"name": "tales & more"})
    assert "The collection “tales &amp; more” and its documents were deleted." in dropped.text
    assert rows(look(client, collection="tales & more")) == []


def test_a_documents_page_tells_all_of_it(client: TestClient, add_tales: AddTales) -> None:
    owl = add_tales("about")["Owl.md"]
    page = client.get(f"/documents/{owl}/about").text
    for name, value in {"Format": "Markdown", "Reading time": "1 min", "Sentences": "4", "Collection": "about"}.items():
        assert f"<dt>{name}</dt><dd><bdi>{value}</bdi></dd>" in page
    assert f'href="/api/documents/{owl}/original"' in page
    assert "hunted mice" in page
    (address,) = set(re.findall(rf'"/documents/{owl}\?start=\d+#(at-\d+)" dir="auto">[^<]*At night', page))
    reader = client.get(f"/documents/{owl}").text
    assert f'id="{address}"' in reader
    assert f'href="/documents/{owl}/about"' in reader
    assert f'href="/api/documents/{owl}/original"' in reader


def test_a_document_leads_back_to_where_in_the_library_it_was_opened(client: TestClient, add_tales: AddTales) -> None:
    owl = add_tales("back")["Owl.md"]
    for opened_from, words in (("/library?page=2", "the library"), (f"/documents/{owl}/about?page=2", "its page")):
        headers = {"Referer": f"http://elsewhere.example{opened_from}#x"}
        page = client.get(f"/documents/{owl}", headers=headers).text
        assert f'<a href="{opened_from}">Back to {words}</a>' in page


def test_passages_are_leafed_through(client: TestClient, library: Library) -> None:
    text = " ".join(f"The hen of yard {number} laid an egg in its nest of straw." for number in range(400))
    hens = library.read(Source(name="hens.txt", data=text.encode(), collection="hens"))
    vectors = np.eye(len(hens.passages), library.manifest().dim, dtype=np.float32)
    library._engine.put(hens.document, hens.passages, vectors, library.manifest())
    page = client.get(f"/documents/{hens.document.id}/about").text
    assert "1 to 20 of " in page
    (address,) = set(re.findall(r'id="next" href="([^"]+)"', page))
    second = client.get(unescape(address)).text
    assert "21 to " in second
    assert 'rel="prev"' in second
    assert "Passage 21<" in second


def test_a_search_in_a_document_tells_how_each_hit_was_ranked(client: TestClient, add_tales: AddTales) -> None:
    ids = add_tales("tried")
    page = client.get(f"/documents/{ids['fox.txt']}/about", params={"q": "Where did the fox live?"}).text
    assert "<mark>under the old bridge</mark>" in page or "<mark>the old bridge</mark>" in page
    assert "It came as no. 1 by shared words, no. 1 by meaning and no. 1 of all. The reader put it at no. 1." in page
    assert all(f'<th scope="row">{step}</th>' in page for step in ("Words", "Meaning", "Both", "Reader"))
    assert "cheese" not in page
    assert ">1 passage found.<" in page
    strange = client.get(f"/documents/{ids['fox.txt']}/about", params={"q": "Which wolf sang?"}).text
    assert "not among the best" in strange
    refused = client.get(f"/documents/{ids['fox.txt']}/about", params={"q": "?!"})
    assert (refused.status_code, "Ask something in words" in refused.text) == (422, True)


def test_a_document_is_replaced_moved_and_deleted_from_its_page(
    client: TestClient, add_tales: AddTales, library: Library
) -> None:
    ids = add_tales("page")
    fox = ids["fox.txt"]
    assert "was deleted" in act(client, "page", one=ids["crow.txt"]).text
    moved = client.post(f"/documents/{fox}/move", data={"to": "another page"})
    assert moved.url.path == f"/documents/{fox}/about"
    assert library.entry(fox).collection == "another page"
    assert client.post(f"/documents/{fox}/move", data={"to": "!"}).status_code == 422
    none = client.post(f"/documents/{fox}/replace", files={"other": (None, "x")})
    assert (none.status_code, "No file was chosen" in none.text) == (422, True)
    replaced = client.post(f"/documents/{fox}/replace", files={"files": ("new.txt", b"The fox moved to the mill.")})
    assert (replaced.url.path, replaced.url.params["collection"]) == ("/library", "another page")
    assert '<span class="name" dir="auto" data-field="name">fox.txt</span>' in replaced.text


def test_files_added_in_the_library_lead_back_to_it(client: TestClient) -> None:
    form = {"collection": "added", "back": "/library?collection=added"}
    files = [("files", ("tales/cat.txt", b"The cat slept.")), ("files", ("", b""))]
    response = client.post("/documents", data=form, files=files)
    assert (response.url.path, response.url.params["collection"]) == ("/library", "added")
    assert "tales/cat.txt" in response.text
    refused = client.post("/documents", files={"back": (None, "/library?collection=added")})
    assert (refused.status_code, "No file was chosen" in refused.text) == (422, True)
    assert "elsewhere" not in str(
        client.post("/documents", data={"back": "https://elsewhere.example/"}, files=files[:1]).url
    )


def test_what_is_refused_is_said_on_a_page_and_not_as_data(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = client.post("/documents", files=[("files", ("tales.zip", b"no archive"))])
    assert (refused.status_code, refused.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert "&#39;tales.zip&#39; is a damaged ZIP file" in refused.text
    monkeypatch.setattr("storybot.http.receiving.MOST_FILES", 1)
    many = client.post("/documents", files=[("files", ("cat.txt", b"The cat."))] * 2)
    assert (many.status_code, "Maximum number of files is 1" in many.text) == (400, True)


def test_a_failure_is_shown_until_it_is_mended_or_a_day_old(
    shared_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(id="1", name="hen.txt", collection="hens", state="failed", error="!", added=datetime.now(UTC).isoformat())
    mended = replace(job, id="2", state="done", added=datetime.now(UTC).isoformat())
    intake = Intake(shared_house.bot, shared_house.queue)
    listed = [job]
    monkeypatch.setattr(intake, "jobs", lambda: listed)
    assert [view.id for view in uploads_view(intake).jobs] == ["1"]
    listed.insert(0, replace(mended, collection="other hens"))
    assert len(uploads_view(intake).jobs) == 1
    listed.insert(0, mended)
    assert uploads_view(intake).jobs == ()
    listed[:] = [replace(job, added=(datetime.now(UTC) - timedelta(days=2)).isoformat())]
    assert uploads_view(intake).jobs == ()


def test_an_upload_is_cancelled_where_it_is_shown(client: TestClient) -> None:
    (job,) = client.post("/api/documents", json={"name": "hen.txt", "text": "The hen."}).json()["jobs"]
    headers = {"Referer": "http://127.0.0.1/library?collection=hens"}
    for path, query in ((f"/jobs/{job['id']}/cancel", f"collection=hens&job={job['id']}"), ("/jobs/cancel", "")):
        response = client.post(path, headers=headers)
        assert (response.url.path, query in str(response.url)) == ("/library", True)
        assert client.post(path).url.path == "/"


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("GET", "/documents/nowhere/about", {}),
        ("POST", "/documents/nowhere/move", {"to": "x"}),
        ("POST", "/documents/nowhere/replace", {}),
        ("GET", "/library/collections/delete?name=nowhere", {}),
        ("POST", "/library/collections/delete", {"name": "nowhere"}),
    ],
)
def test_what_is_not_there_is_said_on_a_page(client: TestClient, method: str, path: str, form: dict[str, str]) -> None:
    response = client.request(method, path, data=form)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "nowhere" in response.text


def test_times_and_titles_are_told_in_words(library: Library, add_tales: AddTales) -> None:
    assert [reading_time(words) for words in (0, 260, 15_600, 100_000, 315_649)] == [
        "1 min",
        "1 min",
        "1 h",
        "6 h 25 min",
        "20 h",
    ]
    entries = [library.entry(one) for one in chain(*(add_tales(f"named {number}").values() for number in range(2)))]
    assert titles(entries) == "“Fox”, “The owl”, “Crow” and 3 more documents"
    assert titles(entries[:1]) == "“Fox”"
