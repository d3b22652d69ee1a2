"""What can be wrong with anything else that is asked for."""

from storybot.errors.roots import InputError
from storybot.languages import gettext


class SyncRefused(InputError):
    """A folder by which a collection would lose all of its documents."""

    def __init__(self, folder: str, *, collection: str, documents: int) -> None:
        super().__init__(
            gettext(
                "'{folder}' holds none of the {documents} documents of the collection '{collection}': all would be "
                "removed. Check the folder; if that is meant, say so with --yes."
            ).format(folder=folder, documents=documents, collection=collection)
        )


class BackupRefused(InputError):
    """A file that can't be imported."""

    def __init__(self, path: str, *, reason: str) -> None:
        super().__init__(
            gettext(
                "'{path}' can't be imported: {reason}. Nothing was changed. Take a file that `storybot export` wrote."
            ).format(path=path, reason=reason)
        )


class NewerBackup(InputError):
    """An export in a form that only a later version knows."""

    def __init__(self, path: str) -> None:
        super().__init__(
            gettext(
                "'{path}' was exported by a newer storybot. Nothing was changed. Upgrade storybot, then import it."
            ).format(path=path)
        )


class FileNotWritable(InputError):
    """A file that can't be written."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            gettext("'{path}' can't be written: {reason}. Choose another name or folder.").format(
                path=path, reason=reason
            )
        )


class CorpusNotEmpty(InputError):
    """A corpus that an import would replace."""

    def __init__(self, folder: str, *, documents: int, conversations: int) -> None:
        super().__init__(
            gettext(
                "The corpus in '{folder}' holds {documents} documents and {conversations} conversations, which an "
                "import would replace. Choose an empty folder with --data, or say --replace to lose them."
            ).format(folder=folder, documents=documents, conversations=conversations)
        )


class EmptyName(InputError):
    """A name without a letter in it."""

    def __init__(self) -> None:
        super().__init__(gettext("The name is empty. Call the collection something."))


class NameTaken(InputError):
    """A collection that already holds a document of this name, or of this text."""

    def __init__(self, name: str, *, collection: str) -> None:
        super().__init__(
            gettext(
                "The collection '{collection}' already holds '{name}'. Remove one of the two, or choose another."
            ).format(collection=collection, name=name)
        )


class CollectionExists(InputError):
    """A collection that is there already."""

    def __init__(self, name: str) -> None:
        super().__init__(gettext("There is a collection '{name}' already. Choose another name.").format(name=name))


class EmptyQuestion(InputError):
    """A question without a word in it."""

    def __init__(self) -> None:
        super().__init__(gettext("The question is empty. Ask something in words."))


class QuestionTooLong(InputError):
    """A question past the limit. Lengths in characters."""

    def __init__(self, *, length: int, limit: int) -> None:
        super().__init__(
            gettext("The question has {length} characters; the limit is {limit}. Ask it in fewer words.").format(
                length=length, limit=limit
            )
        )


class EmptyTitle(InputError):
    """A title without a letter in it."""

    def __init__(self) -> None:
        super().__init__(gettext("The title is empty. Call the conversation something."))
