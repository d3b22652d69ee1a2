"""What can go wrong, one class per remedy.

StorybotError
+-- InputError                  the caller can mend the request
|   +-- EmptySource             nothing to read in it
|   +-- BinarySource            not a text
|   +-- SourceTooLarge          past the limit in the settings
|   +-- UnknownFormat           no parser for this kind of file
|   +-- SourceDamaged           a file of this format, but broken
|   +-- SourceLocked            it needs a password, or is copy-protected
|   +-- ScannedSource           pages of pictures, without text
|   +-- SourceTooHard           reading it takes too long or too much memory
|   +-- ArchiveRefused          a ZIP that unpacks to too much, or holds no file to read
|   +-- SyncRefused             a folder that would empty a collection
|   +-- BackupRefused           a file to import that isn't a sound export
|   +-- NewerBackup             a later storybot exported it
|   +-- FileNotWritable         a file to write that can't be
|   +-- CorpusNotEmpty          an import would take the place of what is there
|   +-- EmptyName               a collection must be called something
|   +-- NameTaken               the collection holds a document of that name or text
|   +-- CollectionExists        there is one of that name
|   +-- EmptyQuestion           nothing was asked
|   +-- QuestionTooLong         past the limit in the settings
|   +-- EmptyTitle              a conversation must be called something
+-- NotFound                    the thing named isn't there
|   +-- DocumentNotFound
|   +-- OriginalNotKept         a document older than the keeping of originals
|   +-- CollectionNotFound
|   +-- JobNotFound
|   +-- ConversationNotFound
|   +-- TurnNotFound
|   +-- FileNotReadable
+-- SettingError                a setting is wrong
+-- ModelNotFound               no such model on this machine
+-- ReaderNotFound              no such reader on this machine
+-- ReaderDamaged               the shipped reader's files are broken
+-- AnswererFailed              the language model gave no answer, or half of one
|   +-- AnswererUnreachable     nothing answers at its address in time
|   +-- KeyRefused              the server wants another key
|   +-- ModelRefused            the server has no such model, or can't use it so
|   +-- AnswerBroken            what came back isn't an answer
+-- PortInUse                   another program listens there
+-- FolderNotWritable           the data folder can't be written
+-- CorpusBusy                  another process holds the corpus too long
+-- CorpusDamaged               the database can't be read
+-- NewerCorpus                 a later storybot wrote the database
+-- DiskFull                    no room to write the database
+-- Cancelled                   the user stopped the work
+-- Stopped                     the user stopped the answer
"""


class StorybotError(Exception):
    """Anything that storybot tells its user: what is wrong, and what to do."""


class InputError(StorybotError):
    """The request can't be carried out as it is."""


class NotFound(StorybotError):
    """The thing named isn't there."""


class EmptySource(InputError):
    """A source without a readable character."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' has no text in it. Add a file that holds some.")


class BinarySource(InputError):
    """A source that isn't text."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' is not a text file. Save it as plain text, EPUB, DOCX or PDF and add that.")


class SourceTooLarge(InputError):
    """A source past the limit, in bytes."""

    def __init__(self, name: str, *, limit: int) -> None:
        super().__init__(
            f"'{name}' is larger than the limit of {limit / 1e6:.1f} MB. Split it, or raise STORYBOT_MAX_SOURCE_BYTES."
        )


class UnknownFormat(InputError):
    """A file type that no parser reads."""

    def __init__(self, name: str, *, known: str) -> None:
        super().__init__(f"'{name}' has a format that storybot doesn't read yet. It reads {known}.")


class SourceDamaged(InputError):
    """A file that its format's reader can't make sense of."""

    def __init__(self, name: str, *, kind: str, reason: str) -> None:
        super().__init__(
            f"'{name}' is a damaged {kind} file: {reason}. Open it in another program, save it anew, add that."
        )


class SourceLocked(InputError):
    """A file that opens only with a password, or with the program of a shop."""

    def __init__(self, name: str, *, by: str = "a password") -> None:
        super().__init__(f"'{name}' is locked by {by}. Add a copy that isn't.")


class ScannedSource(InputError):
    """A document of pictures: there are letters to see, but none to read."""

    def __init__(self, name: str, *, pages: int) -> None:
        super().__init__(
            f"'{name}' has {pages} scanned pages and no text. Have its text recognised (for instance: ocrmypdf IN OUT) "
            "and add the result."
        )


class SourceTooHard(InputError):
    """A file whose reading passes the limits of time or memory."""

    def __init__(self, name: str, *, reason: str) -> None:
        super().__init__(
            f"'{name}' can't be read within the limits: {reason}. Split it, or save it in a simpler format."
        )


class ArchiveRefused(InputError):
    """An archive that won't be unpacked."""

    def __init__(self, name: str, *, reason: str) -> None:
        super().__init__(f"The archive '{name}' isn't unpacked: {reason}. Unpack it yourself and add what you need.")


class SyncRefused(InputError):
    """A folder by which a collection would lose all of its documents."""

    def __init__(self, folder: str, *, collection: str, documents: int) -> None:
        super().__init__(
            f"'{folder}' holds none of the {documents} documents of the collection '{collection}': all would be "
            "removed. Check the folder; if that is meant, say so with --yes."
        )


class BackupRefused(InputError):
    """A file that can't be imported."""

    def __init__(self, path: str, *, reason: str) -> None:
        super().__init__(
            f"'{path}' can't be imported: {reason}. Nothing was changed. Take a file that `storybot export` wrote."
        )


class NewerBackup(InputError):
    """An export in a form that only a later version knows."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"'{path}' was exported by a newer storybot. Nothing was changed. Upgrade storybot, then import it."
        )


class FileNotWritable(InputError):
    """A file that can't be written."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"'{path}' can't be written: {reason}. Choose another name or folder.")


class CorpusNotEmpty(InputError):
    """A corpus that an import would replace."""

    def __init__(self, folder: str, *, documents: int, conversations: int) -> None:
        super().__init__(
            f"The corpus in '{folder}' holds {documents} documents and {conversations} conversations, which an import "
            "would replace. Choose an empty folder with --data, or say --replace to lose them."
        )


class EmptyName(InputError):
    """A name without a letter in it."""

    def __init__(self) -> None:
        super().__init__("The name is empty. Call the collection something.")


class NameTaken(InputError):
    """A collection that already holds a document of this name, or of this text."""

    def __init__(self, name: str, *, collection: str) -> None:
        super().__init__(
            f"The collection '{collection}' already holds '{name}'. Remove one of the two, or choose another."
        )


class CollectionExists(InputError):
    """A collection that is there already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a collection '{name}' already. Choose another name.")


class EmptyQuestion(InputError):
    """A question without a word in it."""

    def __init__(self) -> None:
        super().__init__("The question is empty. Ask something in words.")


class QuestionTooLong(InputError):
    """A question past the limit. Lengths in characters."""

    def __init__(self, *, length: int, limit: int) -> None:
        super().__init__(f"The question has {length} characters; the limit is {limit}. Ask it in fewer words.")


class EmptyTitle(InputError):
    """A title without a letter in it."""

    def __init__(self) -> None:
        super().__init__("The title is empty. Call the conversation something.")


class DocumentNotFound(NotFound):
    """No document has this id."""

    def __init__(self, document_id: str) -> None:
        super().__init__(f"No document has the id '{document_id}'. The list of documents shows the ids.")


class OriginalNotKept(NotFound):
    """The file that a document was read from wasn't kept."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The file '{name}' was added before originals were kept. Add it again to have it kept.")


class CollectionNotFound(NotFound):
    """No collection has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no collection '{name}'. The list of collections shows the names.")


class JobNotFound(NotFound):
    """No job has this id."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"No job has the id '{job_id}'. The list of jobs shows those that are remembered.")


class ConversationNotFound(NotFound):
    """No conversation has this id."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"No conversation has the id '{conversation_id}'. The list of conversations shows the ids.")


class TurnNotFound(NotFound):
    """No turn of a conversation has this id."""

    def __init__(self, turn_id: str) -> None:
        super().__init__(f"No answer has the id '{turn_id}'. A conversation shows the ids of its answers.")


class FileNotReadable(NotFound):
    """A file on disk that can't be opened."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"'{path}' can't be read: {reason}. Check its name and permissions.")


class SettingError(StorybotError):
    """A setting with a value that it can't have."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The setting {name} is wrong: {reason}. The page docs/settings.md lists what it takes.")


class ModelNotFound(StorybotError):
    """An embedding model that isn't on this machine."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(
            f"The embedding model '{model}' can't be loaded: {reason}. Download it on a machine with a network "
            f"(hf download {model} --local-dir FOLDER) and set STORYBOT_MODEL=FOLDER, or unset STORYBOT_MODEL."
        )


class ReaderNotFound(StorybotError):
    """A reader's or re-ranker's model that isn't on this machine."""

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(
            f"The model '{model}' can't be loaded as a reader: {reason}. Download it on a machine with a network "
            f"(hf download {model} --local-dir FOLDER) and name FOLDER in STORYBOT_READER or STORYBOT_RERANKER, or "
            "unset them."
        )


class ReaderDamaged(StorybotError):
    """Weights of the shipped reader that aren't what they were."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"The reader's file '{path}' is damaged ({reason}). Install storybot again.")


class AnswererFailed(StorybotError):
    """A language model that did not do what it was asked."""


class AnswererUnreachable(AnswererFailed):
    """A language model's server that doesn't answer, or not in time."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"The language model at {url} doesn't answer: {reason}. Start its server, or set STORYBOT_LLM_URL to where "
            "it listens."
        )


class KeyRefused(AnswererFailed):
    """A language model's server that doesn't take the key."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"The language model at {url} refuses the key: it is wrong, expired or missing. Set STORYBOT_LLM_KEY to "
            "one that it takes."
        )


class ModelRefused(AnswererFailed):
    """A language model's server that can't do what it is asked with this model."""

    def __init__(self, url: str, model: str, reason: str) -> None:
        """model: empty where the settings name none."""
        refused = f"the model '{model}'" if model else "to answer"
        super().__init__(f"The server at {url} refuses {refused}: {reason}. Set STORYBOT_LLM_MODEL to one that it has.")


class AnswerBroken(AnswererFailed):
    """A reply that isn't one, or breaks off."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"The language model at {url} broke off: {reason}. Ask again; if it stays so, see its log.")


class PortInUse(StorybotError):
    """The address to serve on is taken."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port} is in use by another program. Choose another with --port.")


class FolderNotWritable(StorybotError):
    """The data folder can't be written."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(f"The data folder '{folder}' can't be written: {reason}. Choose another with --data.")


class CorpusBusy(StorybotError):
    """Another process kept the database locked."""

    def __init__(self, path: str) -> None:
        super().__init__(f"'{path}' is being written by another process. Try again when it has finished.")


class CorpusDamaged(StorybotError):
    """The database file isn't one, or is broken."""

    def __init__(self, path: str, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The corpus '{path}' is damaged ({reason}). It was left as it is: put a backup in its place, or choose "
            "another folder with --data."
        )


class NewerCorpus(StorybotError):
    """A database of a schema that only a later version knows."""

    def __init__(self, path: str, *, found: int, known: int) -> None:
        super().__init__(
            f"The corpus '{path}' was written by a newer storybot (schema {found}; this one knows {known}). "
            "Upgrade storybot, or choose another folder with --data."
        )


class DiskFull(StorybotError):
    """No room left for what was to be written. Nothing of it was kept."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The disk is full: '{path}' can't grow, and nothing was changed. Free some space, then try again."
        )


class Cancelled(StorybotError):
    """The work was stopped because its user asked for it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' was cancelled. Add it again if that was a mistake.")


class Stopped(StorybotError):
    """The answer was ended because its user asked for it."""

    def __init__(self) -> None:
        super().__init__("The answer was stopped. Ask again to have it all.")
