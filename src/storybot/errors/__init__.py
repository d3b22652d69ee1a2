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
|   +-- SettingFixed            a flag or the environment gives it
|   +-- SavedSettingsUnreadable the file of saved settings is broken
+-- ModelNotFound               no such model on this machine
+-- ReaderNotFound              no such reader on this machine
+-- ReaderDamaged               the shipped reader's files are broken
+-- EnglishFailed               the process that reads English broke down
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

from storybot.errors.absences import (
    CollectionNotFound,
    ConversationNotFound,
    DocumentNotFound,
    FileNotReadable,
    JobNotFound,
    OriginalNotKept,
    TurnNotFound,
)
from storybot.errors.corpora import (
    CorpusBusy,
    CorpusDamaged,
    DiskFull,
    FolderNotWritable,
    NewerCorpus,
)
from storybot.errors.parts import (
    AnswerBroken,
    AnswererFailed,
    AnswererUnreachable,
    EnglishFailed,
    KeyRefused,
    ModelNotFound,
    ModelRefused,
    PortInUse,
    ReaderDamaged,
    ReaderNotFound,
    SavedSettingsUnreadable,
    SettingError,
    SettingFixed,
)
from storybot.errors.requests import (
    BackupRefused,
    CollectionExists,
    CorpusNotEmpty,
    EmptyName,
    EmptyQuestion,
    EmptyTitle,
    FileNotWritable,
    NameTaken,
    NewerBackup,
    QuestionTooLong,
    SyncRefused,
)
from storybot.errors.roots import (
    Cancelled,
    InputError,
    NotFound,
    Stopped,
    StorybotError,
)
from storybot.errors.sources import (
    ArchiveRefused,
    BinarySource,
    EmptySource,
    ScannedSource,
    SourceDamaged,
    SourceLocked,
    SourceTooHard,
    SourceTooLarge,
    UnknownFormat,
)

__all__ = [
    "AnswerBroken",
    "AnswererFailed",
    "AnswererUnreachable",
    "ArchiveRefused",
    "BackupRefused",
    "BinarySource",
    "Cancelled",
    "CollectionExists",
    "CollectionNotFound",
    "ConversationNotFound",
    "CorpusBusy",
    "CorpusDamaged",
    "CorpusNotEmpty",
    "DiskFull",
    "DocumentNotFound",
    "EmptyName",
    "EmptyQuestion",
    "EmptySource",
    "EmptyTitle",
    "EnglishFailed",
    "FileNotReadable",
    "FileNotWritable",
    "FolderNotWritable",
    "InputError",
    "JobNotFound",
    "KeyRefused",
    "ModelNotFound",
    "ModelRefused",
    "NameTaken",
    "NewerBackup",
    "NewerCorpus",
    "NotFound",
    "OriginalNotKept",
    "PortInUse",
    "QuestionTooLong",
    "ReaderDamaged",
    "ReaderNotFound",
    "SavedSettingsUnreadable",
    "ScannedSource",
    "SettingError",
    "SettingFixed",
    "SourceDamaged",
    "SourceLocked",
    "SourceTooHard",
    "SourceTooLarge",
    "Stopped",
    "StorybotError",
    "SyncRefused",
    "TurnNotFound",
    "UnknownFormat",
]
