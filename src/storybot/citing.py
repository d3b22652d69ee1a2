"""From claims to citations: the quotes are cut out of the text, so none can be invented."""

from collections.abc import Iterable, Mapping

from storybot.model import Citation, Claim, Entry


def cite(claims: Iterable[Claim], entries: Mapping[str, Entry]) -> tuple[Citation, ...]:
    """Numbered citations of the sentences that the claims point at, each once, in the claims' order.

    Raises: ValueError if a claim points outside of its passage.
    """
    places = dict.fromkeys((claim.passage, span) for claim in claims for span in claim.sentences)
    return tuple(
        Citation(
            number=number,
            document_id=passage.document_id,
            name=entries[passage.document_id].name,
            title=entries[passage.document_id].title,
            heading=passage.heading,
            span=span,
            quote=passage.quote(span),
        )
        for number, (passage, span) in enumerate(places, start=1)
    )
