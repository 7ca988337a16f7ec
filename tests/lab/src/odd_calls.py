# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
"""odd_calls.py ADDRESS PORT: an exchange by calls that few programs use."""
import ctypes
import fcntl
import os
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


def vector(data):
    buf = ctypes.create_string_buffer(data, len(data))
    return buf, Iovec(ctypes.addressof(buf), len(data))


out, iov = vector(b"hello")
libc.pwritev2(s.fileno(), ctypes.byref(iov), 1, ctypes.c_long(-1), 0)
got, iov = vector(bytes(100))
n = libc.preadv2(s.fileno(), ctypes.byref(iov), 1, ctypes.c_long(-1), 0)
assert got.raw[:n] == b"welcome", (n, got.raw)
try:
    fcntl.flock(s.fileno(), fcntl.LOCK_SH)
except OSError as e:
    print(os.strerror(e.errno))
libc.vmsplice(s.fileno(), ctypes.byref(iov), ctypes.c_ulong(1), 0)
s.close()
