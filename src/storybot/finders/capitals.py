"""Finds names by their capitals, their titles and the words around them."""

from collections.abc import Sequence

from storybot.finders.joining import best_name, joined
from storybot.finders.judging import kind_of
from storybot.finders.spotting import Name, names_in
from storybot.model import Entity
from storybot.ports import Pulse

_LONG = 100_000
"""Letters of a text in which a name must be said more than once or twice to matter."""

_LEAST, _LEAST_LONG = 1, 4
_MOST = 60


class Capitals:
    """Reads English prose; finds nobody in other languages."""

    @property
    def revision(self) -> str:
        """Names the rules."""
        return "capitals-1"

    def find(self, text: str, pulse: Pulse) -> list[Entity]:
        """People, places and things in the text, at most 60. Raises: what `pulse` raises."""
        groups = joined(names_in(text, pulse))
        least = _LEAST_LONG if len(text) > _LONG else _LEAST
        groups = sorted(
            (group for group in groups if len(group) >= least), key=lambda group: (-len(group), group[0].span)
        )
        return [_entity(text, group) for group in groups[:_MOST]]


def _entity(text: str, group: Sequence[Name]) -> Entity:
    name, aliases = best_name(text, group)
    return Entity(kind=kind_of(text, group), name=name, aliases=aliases, mentions=tuple(each.span for each in group))
