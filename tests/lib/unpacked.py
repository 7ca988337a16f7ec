# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""Traces as text, whether they are kept packed or not: told by content."""
import gzip
import lzma

MAGIC = ((b"\x1f\x8b", gzip.decompress), (b"\xfd7zXZ\0", lzma.decompress))


def read(path):
    """The bytes of a trace."""
    with open(path, "rb") as f:
        data = f.read()
    for magic, unpack in MAGIC:
        if data.startswith(magic):
            return unpack(data)
    return data


def text(path):
    """The same as text; any byte is a character."""
    return read(path).decode("latin-1")


def name(path):
    """A trace's name without an ending that only says that it is packed."""
    for ending in (".xz", ".gz"):
        if path.endswith(ending):
            return path[:-len(ending)]
    return path
