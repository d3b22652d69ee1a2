"""What a document is about, without a language model: its names, its most central sentences, what may be asked.

All that is told is a place in the text; nothing is worded but the questions.
"""

from collections.abc import Callable, Sequence

from storybot.model import Document, Entity, Overview, Passage, Vectors
from storybot.overviewing.asking import Answered, Generate, prompts
from storybot.overviewing.summarising import Embed, summarise
from storybot.overviewing.timing import timeline
from storybot.ports import Pulse

__all__ = ["RECIPE", "Answered", "Embed", "Generate", "describe", "timeline"]

RECIPE = "overview-3"
"""Names what `describe` does; the finder and the embedder have names of their own."""


def describe(  # noqa: PLR0913 - what it works on, and what it works with
    document: Document,
    passages: Sequence[Passage],
    vectors: Vectors,
    *,
    find: Callable[[str, Pulse], list[Entity]],
    embed: Embed,
    generate: Generate,
    answered: Answered,
    pulse: Pulse,
) -> Overview:
    """What the document is about. passages: all of its own, in order, with their vectors (len(passages), dim).

    Raises: what `pulse` raises, which is called several times a second, but not while a callable works.
    """
    entities = find(document.text, pulse)
    summary, chapters = summarise(document, passages, vectors, entities, embed=embed, pulse=pulse)
    asked = prompts(
        document.text,
        passages,
        entities,
        [*summary, *(span for chapter in chapters for span in chapter.sentences)],
        generate=generate,
        answered=answered,
        pulse=pulse,
    )
    return Overview(
        document_id=document.id,
        recipe=RECIPE,
        entities=tuple(entities),
        summary=summary,
        chapters=chapters,
        prompts=asked,
    )
