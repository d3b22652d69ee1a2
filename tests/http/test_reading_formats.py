"""Documents of any format on the reader page, and in citations."""

from fastapi.testclient import TestClient

from samples import Printed, epub, lines, pdf
from storybot.bot import Storybot
from storybot.model import Source

STORM = ("The old lighthouse keeper Wolmar kept a tame heron in the tower, and", "he fed it herring every morning.")


def test_a_pdf_is_read_with_its_headings_and_pages_and_cited_with_them(
    client: TestClient, stored_bot: Storybot
) -> None:
    first = [Printed("Chapter 4", 72, 740, 18), *lines(*STORM, top=700)]
    second = lines("Nobody came to see it but the gulls and the wind of the sea.", *STORM[:1], "slept.")
    data = pdf([first, second], labels="0 << /S /D /St 12 >>", title="The Keeper")
    entry = stored_bot.library.add(Source(name="keeper.pdf", data=data))
    page = client.get(f"/documents/{entry.id}").text
    assert '><span class="page" data-page="p. 12"></span>Chapter 4</h3>' in page
    assert '<span class="page" data-page="p. 13"></span>Nobody came' in page
    answer = client.post("/ask", data={"q": "What did Wolmar feed the heron?"}).text
    assert '<cite><bdi>The Keeper</bdi><bdi class="place">Chapter 4, p. 12</bdi></cite>' in answer


def test_a_books_chapters_have_the_rank_of_their_depth(client: TestClient, stored_bot: Storybot) -> None:
    data = epub({"a.xhtml": "<h1>Part One</h1><h2>The Fox</h2><p>A fox ran.</p>"})
    page = client.get(f"/documents/{stored_bot.library.add(Source(name='a.epub', data=data)).id}").text
    assert ">Part One</h3>" in page
    assert ">The Fox</h4>" in page
