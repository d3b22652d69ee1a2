from storybot.http.strips import BINS, place_words, strip_view
from storybot.model import Chapter, Entity, Overview, Span

LENGTH = 900


def named(*starts: int, kind: str = "person") -> Entity:
    return Entity(
        kind="person" if kind == "person" else "place",
        name="Reynard",
        aliases=(),
        mentions=tuple(Span(start, start + 7) for start in starts),
    )


def chapters(*headings: str) -> tuple[Chapter, ...]:
    width = LENGTH // len(headings)
    spans = (Span(number * width, (number + 1) * width) for number in range(len(headings)))
    return tuple(
        Chapter(heading=heading, span=span, sentences=()) for heading, span in zip(headings, spans, strict=True)
    )


def test_where_somebody_appears_is_said_by_chapters() -> None:
    three = chapters("One", "Two", "Three")
    assert place_words(named(10, 320), three, LENGTH) == "only in One and Two"
    assert place_words(named(10, 20, 320, 330, 700), three, LENGTH) == "mostly in One and Two"
    numbered = chapters("CHAPTER I. Down the Rabbit-Hole", "Chapter 2: A Long Tale")
    assert place_words(named(10, 500), numbered, LENGTH) == "only in CHAPTER I and Chapter 2"
    assert place_words(named(*range(5, LENGTH, 100)), chapters(*"ABCDEFGHI"), LENGTH) == "throughout"


def test_without_chapters_it_is_said_by_thirds() -> None:
    assert place_words(named(10, 20, 500), (), LENGTH) == "mostly at the beginning"
    assert place_words(named(10, 400, 800), (), LENGTH) == "throughout"


def test_the_strip_is_of_people_who_are_named_again() -> None:
    def about(*entities: Entity) -> Overview:
        marks = chapters("One", "Two")
        return Overview(document_id="1", recipe="", entities=entities, summary=(), chapters=marks, prompts=())

    assert strip_view(about(named(10), named(20, 30, kind="place")), LENGTH) is None
    strip = strip_view(about(named(0, 10, LENGTH - 10)), LENGTH)
    assert strip
    assert strip.borders == (f"{BINS / 2:.2f}",)
    assert [(one.at, one.opacity) for one in strip.rows[0].bins] == [(0, "1.00"), (BINS - 1, "0.62")]
