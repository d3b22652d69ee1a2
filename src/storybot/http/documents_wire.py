"""What travels over HTTP about documents and collections: requests and replies, promised to client programs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from storybot.cataloguing import minutes
from storybot.http.wire import DocumentRef, PassageReply
from storybot.model import Document, Entry, Format

MOST_DOCUMENTS = 1_000
"""Documents in one request."""

_Ids = Annotated[list[str], Field(min_length=1, max_length=MOST_DOCUMENTS, description="Ids of the documents.")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ChangeRequest(_Request):
    """What is to change about a document."""

    collection: str = Field(description="The collection that it is to lie in.", examples=["poems"])


class MoveRequest(_Request):
    """Documents to put into another collection, all or none."""

    documents: _Ids
    collection: str = Field(description="The collection that they are to lie in.", examples=["poems"])


class DeleteRequest(_Request):
    """Documents to delete."""

    documents: _Ids


class CollectionRequest(_Request):
    """A collection's name."""

    name: str = Field(examples=["poems"])


class DocumentReply(BaseModel):
    """A document's line in the catalogue. `length` in code points, `added` in UTC."""

    id: str
    name: str
    title: str
    collection: str
    format: Format
    length: int
    words: int
    minutes: int = Field(description="How long it takes to be read.")
    passages: int
    added: str
    digest: str = Field(description="SHA-256 of the file it was read from; empty where that file wasn't kept.")

    @classmethod
    def of(cls, entry: Entry) -> "DocumentReply":
        """The entry."""
        return cls(
            id=entry.id,
            name=entry.name,
            title=entry.title,
            collection=entry.collection,
            format=entry.format,
            length=entry.length,
            words=entry.words,
            minutes=minutes(entry.words),
            passages=entry.passages,
            added=entry.added,
            digest=entry.digest,
        )


class DocumentsReply(BaseModel):
    """Lines of the catalogue."""

    documents: list[DocumentReply]


class DeletedReply(BaseModel):
    """What was deleted, and for how many seconds each of it can be restored."""

    documents: list[str]
    undo_seconds: int


class TextReply(BaseModel):
    """A document's text, in which all offsets count."""

    id: str
    title: str
    text: str

    @classmethod
    def of(cls, document: Document) -> "TextReply":
        """The document."""
        return cls(id=document.id, title=document.title, text=document.text)


class PassagesReply(BaseModel):
    """A document's passages, in the order of the text."""

    document: DocumentRef
    passages: list[PassageReply]


class SectionReply(BaseModel):
    """A stretch of the text under one heading, empty where there is none. `level`: 1 for a chapter, 2 for its parts."""

    heading: str
    level: int
    start: int
    end: int
    page: str = Field(description="The label of the page that it begins on; empty where the document has no pages.")


class OutlineReply(BaseModel):
    """A document's sections: they follow each other and cover its text."""

    document: DocumentRef
    sections: list[SectionReply]


class CollectionReply(BaseModel):
    """A collection and how many documents are in it."""

    name: str
    documents: int


class CollectionsReply(BaseModel):
    """The collections, by name. One begins to exist with its first document, or when it is begun."""

    collections: list[CollectionReply]
