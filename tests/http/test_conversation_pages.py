"""The pages of conversations as a browser without scripts gets them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from storybot.answering import Conduct
from storybot.assembly import House
from storybot.conversing import MOST_TURNS
from storybot.http.contexts import TurnPage
from storybot.http.rendering import render
from storybot.http.turns import CONFIDENCE_WORDS, TurnView, confidence_words, turn_view
from storybot.model import Answer, Claim, Conversation, Hit, Piece, Pointer, Reading, Turn
from storybot.ports import Pulse

QUESTION = "What did Bakhyt's grandmother play?"


@pytest.fixture
def conversation(house: House) -> Conversation:
    return house.conversations.begin()


@pytest.fixture
def turn(house: House, conversation: Conversation) -> Turn:
    return house.conversations.ask(conversation.id, QUESTION)


def article(view: TurnView) -> str:
    """The turn as it stands on a page, each run of blanks as one."""
    return " ".join(bytes(render("alone.html", TurnPage(turn=view, chosen="")).body).decode().split())


def shown(turn: Turn) -> str:
    return article(turn_view(turn, {}))


def main(page: str) -> str:
    """What the page shows in the middle."""
    return page.partition("<main")[2].partition("</main>")[0]


def keep(house: House, conversation: Conversation, count: int) -> None:
    for number in range(1, count + 1):
        question = f"Question {number}?"
        # Straight into the archive: reading a story for every one would take minutes.
        house.conversations._archive.keep(
            conversation.id,
            Answer(
                question=question,
                standalone=question,
                pieces=(),
                citations=(),
                evidence=(),
                confidence=0.1,
            ),
        )


def test_a_first_question_begins_a_conversation_and_leads_to_its_turn(client: TestClient) -> None:
    response = client.post("/ask", data={"q": QUESTION}, follow_redirects=False)
    assert response.status_code == 303
    address, _, fragment = response.headers["location"].partition("#")
    assert fragment == "turn-1"
    page = client.get(address).text
    assert 'id="turn-1"' in page
    assert "<title>What did Bakhyt&#39;s grandmother play? · storybot</title>" in page
    assert f'<a href="{address}" aria-current="page">' in page


def test_a_further_question_stays_in_the_conversation_and_its_document(client: TestClient, turn: Turn) -> None:
    document = turn.citations[0].document_id
    form = {"q": "Who leads The Steppe Serenaders?", "conversation": turn.conversation_id, "document": document}
    response = client.post("/ask", data=form)
    assert response.url.path == f"/conversations/{turn.conversation_id}"
    assert response.url.query.decode() == f"document={document}"
    assert 'id="turn-2"' in response.text
    assert f'<option value="{document}" dir="auto" selected>' in response.text


def test_a_refused_question_leaves_the_conversation_as_it_is(client: TestClient, turn: Turn) -> None:
    response = client.post("/ask", data={"q": "?!", "conversation": turn.conversation_id})
    assert response.status_code == 422
    assert 'id="turn-1"' in response.text
    assert 'value="?!"' in response.text
    assert len(client.get(f"/api/conversations/{turn.conversation_id}").json()["turns"]) == 1


class Removing:
    """A language model that the conversation is taken away from while it answers."""

    def __init__(self, remove: Callable[[], None]) -> None:
        self._remove = remove

    def answer(
        self,
        question: str,  # noqa: ARG002 - it says the same to everything
        hits: Sequence[Hit],  # noqa: ARG002
        readings: Sequence[Reading],
        pulse: Pulse,  # noqa: ARG002
    ) -> Iterator[Claim]:
        """The sentence that answers."""
        self._remove()
        passage, sentence = readings[0].passage, readings[0].sentence
        yield Claim(text=passage.quote(sentence), pointers=(Pointer(passage=passage, sentence=sentence),))


def test_a_conversation_removed_while_its_question_is_answered_is_said_to_be_gone(
    client: TestClient, house: House, conversation: Conversation
) -> None:
    house.bot.behave(Conduct(wording=Removing(lambda: house.conversations.remove(conversation.id))))
    response = client.post("/ask", data={"q": QUESTION, "conversation": conversation.id})
    assert (response.status_code, response.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert conversation.id in response.text


def test_other_questions_have_a_landmark_only_where_there_are_some(
    client: TestClient, house: House, conversation: Conversation
) -> None:
    landmark = '<nav id="leaves" class="leaves" aria-label="Other questions of the conversation" '
    assert f"{landmark}hidden>" in client.get(f"/conversations/{conversation.id}").text
    keep(house, conversation, MOST_TURNS + 1)
    assert f"{landmark}>" in client.get(f"/conversations/{conversation.id}").text


def test_a_long_conversation_shows_its_last_turns_and_leads_to_the_others(
    client: TestClient, house: House, conversation: Conversation
) -> None:
    keep(house, conversation, MOST_TURNS + 20)
    page = client.get(f"/conversations/{conversation.id}").text
    assert page.count("<article class") - page.partition("<template")[2].count("<article class") == MOST_TURNS
    assert "The latest questions" not in page
    assert f"/conversations/{conversation.id}?before=21" in page
    earlier = client.get(f"/conversations/{conversation.id}?before=21").text
    assert 'id="turn-20"' in earlier
    assert 'id="turn-21"' not in earlier
    assert "Earlier questions" not in earlier
    assert "The latest questions" in earlier


def test_a_number_that_is_none_leafs_nowhere(client: TestClient, turn: Turn) -> None:
    for before in ("", "0", "-3", "x", "²", "9" * 30):
        page = client.get(f"/conversations/{turn.conversation_id}", params={"before": before})
        assert page.status_code == 200
        assert 'id="turn-1"' in page.text


def test_before_the_first_turn_there_is_only_the_way_back(client: TestClient, turn: Turn) -> None:
    page = main(client.get(f"/conversations/{turn.conversation_id}?before=1").text)
    assert "<article" not in page
    assert "The latest questions" in page


def test_feedback_leads_back_to_its_turn_however_long_ago(
    client: TestClient, house: House, conversation: Conversation
) -> None:
    keep(house, conversation, MOST_TURNS + 1)
    first = house.conversations.turns(conversation.id, before=2)[0]
    response = client.post(f"/turns/{first.id}/feedback", data={"feedback": "up"}, follow_redirects=False)
    assert response.headers["location"] == f"/conversations/{conversation.id}?before=2#turn-1"
    assert 'value="none" data-means="up" aria-pressed="true"' in client.get(response.headers["location"]).text
    client.post(f"/turns/{first.id}/feedback", data={"feedback": "none"})
    assert house.conversations.turn(first.id).feedback is None


def test_conversations_are_searched_renamed_and_deleted(client: TestClient, turn: Turn) -> None:
    home = f"/conversations/{turn.conversation_id}"
    assert home in client.get("/conversations", params={"search": "balalaika"}).text
    nothing = client.get("/conversations", params={"search": "zeppelin"}).text
    assert home not in nothing
    assert "No conversation holds all of these words." in nothing
    assert "An instrument" in client.post(f"{home}/rename", data={"title": "An instrument"}).text
    refused = client.post(f"{home}/rename", data={"title": " "})
    assert refused.status_code == 422
    assert "The title is empty" in refused.text
    assert "Delete this conversation?" in client.get(f"{home}/delete").text
    assert home not in client.post(f"{home}/delete").text
    assert client.get(home).status_code == 404


def test_every_export_that_is_offered_is_there(client: TestClient, turn: Turn) -> None:
    page = client.get("/conversations").text
    for form in ("markdown", "json"):
        address = f"/api/conversations/{turn.conversation_id}/export?form={form}"
        assert address in page
        assert "balalaika" in client.get(address).text


def test_a_question_that_was_completed_can_be_put_right_and_asked_alone(turn: Turn) -> None:
    page = shown(replace(turn, question="What did she play?"))
    assert f'Understood as: <bdi data-field="understood">{QUESTION.replace(chr(39), "&#39;")}</bdi>' in page
    assert 'name="literal" value="1"' in page
    assert "Understood as" not in shown(turn)


def test_words_that_no_sentence_bears_out_are_told_in_words(turn: Turn) -> None:
    invented = replace(turn, pieces=(*turn.pieces, Piece(text=" And a drum.")), notice="Left out: much.")
    page = shown(invented)
    assert 'And a drum.</span> <span class="tag">not in the story</span>' in page
    assert page.count("not in the story") == 1
    assert "Left out: much." in page
    assert 'href="#turn-1-1" aria-label="Sentence 1">1</a>' in page
    assert '<li id="turn-1-1">' in page


def test_whole_words_are_marked_in_the_sentence(turn: Turn) -> None:
    (citation,) = turn.citations
    quote = "He hid himself, and the dog found him."
    short = replace(turn, pieces=(Piece(text="him", numbers=(1,)),), citations=(replace(citation, quote=quote),))
    (shown,) = turn_view(short, {}).quotes
    assert (shown.before, shown.told, shown.after) == ("He hid himself, and the dog found ", "him", ".")


def test_a_stopped_answer_keeps_what_came(turn: Turn) -> None:
    page = shown(replace(turn, state="stopped"))
    assert "balalaika" in page
    assert "Stopped here." in page
    nothing = shown(replace(turn, state="stopped", pieces=(), citations=()))
    assert "Stopped here." in nothing
    assert "does not say" not in nothing
    assert "Perhaps" not in nothing


def test_an_answer_whose_document_is_gone_quotes_nothing(client: TestClient, house: House, turn: Turn) -> None:
    house.bot.library.drop(turn.citations[0].document_id)
    page = main(client.get(f"/conversations/{turn.conversation_id}").text)
    assert "has been deleted" in page
    assert "balalaika" not in page


def test_the_nearest_passages_stand_below_what_the_story_does_not_say(client: TestClient) -> None:
    page = main(client.post("/ask", data={"q": "How old is the captain of the submarine?"}).text)
    assert "The story does not say." in page
    assert "The nearest passages" in page


def test_markup_in_a_title_or_question_stays_text(client: TestClient) -> None:
    page = client.post("/ask", data={"q": "Who is <b>Ada</b>?"}).text
    assert "<b>Ada" not in page
    assert "<b>Ada" not in client.get("/conversations").text


def test_every_confidence_has_words() -> None:
    assert [confidence_words(value) for value in (1.0, 0.7, 0.0)] == [words for _, words in CONFIDENCE_WORDS]
