"""What can be asked for, and isn't there."""

from storybot.errors.roots import NotFound
from storybot.languages import gettext


class DocumentNotFound(NotFound):
    """No document has this id."""

    def __init__(self, document_id: str) -> None:
        super().__init__(
            gettext("No document has the id '{document_id}'. The list of documents shows the ids.").format(
                document_id=document_id
            )
        )


class OriginalNotKept(NotFound):
    """The file that a document was read from wasn't kept."""

    def __init__(self, name: str) -> None:
        super().__init__(
            gettext("The file '{name}' was added before originals were kept. Add it again to have it kept.").format(
                name=name
            )
        )


class CollectionNotFound(NotFound):
    """No collection has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            gettext(
                "There is no collection '{name}'. The library, or `storybot collections list`, shows the names "
                "of those that there are."
            ).format(name=name)
        )


class JobNotFound(NotFound):
    """No job has this id."""

    def __init__(self, job_id: str) -> None:
        super().__init__(
            gettext("No job has the id '{job_id}'. The list of jobs shows those that are remembered.").format(
                job_id=job_id
            )
        )


class ConversationNotFound(NotFound):
    """No conversation has this id."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(
            gettext("No conversation has the id '{conversation_id}'. The list of conversations shows the ids.").format(
                conversation_id=conversation_id
            )
        )


class TurnNotFound(NotFound):
    """No turn of a conversation has this id."""

    def __init__(self, turn_id: str) -> None:
        super().__init__(
            gettext("No answer has the id '{turn_id}'. A conversation shows the ids of its answers.").format(
                turn_id=turn_id
            )
        )


class FileNotReadable(NotFound):
    """A file on disk that can't be opened."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            gettext("'{path}' can't be read: {reason}. Check its name and permissions.").format(
                path=path, reason=reason
            )
        )
