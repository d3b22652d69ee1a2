"""Flags that several commands take."""

from pathlib import Path
from typing import Annotated, Optional

import typer

DataFolder = Annotated[Optional[Path], typer.Option("--data", help="Folder of the database.")]  # noqa: UP045 - typer
Model = Annotated[Optional[str], typer.Option("--model", help="Embedding model: a folder or a name.")]  # noqa: UP045
Empty = Annotated[bool, typer.Option("--empty", help="Don't put the shipped story into a new corpus.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Collection = Annotated[str, typer.Option("--collection", help="The collection to look in.")]
Documents = Annotated[list[str], typer.Option("--document", help="Id of a document to look in; may be given often.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask, and don't refuse to remove all there is.")]
