#!/usr/bin/env python3
"""Opens DICOM associations in bytes (PS3.8 §9.3), each with one C-STORE; every ninth breaks off in the middle of it.

usage: associations.py PORT AE_TITLE FOLDER COUNT SIMULTANEOUS

FOLDER holds the files that are stored, one after the other and round again.
"""
import socket
import struct
import sys
import threading
from pathlib import Path

import pydicom


def item(kind, body):
    return struct.pack(">BBH", kind, 0, len(body)) + body


def element(number, value):
    return struct.pack("<HHI", 0, number, len(value)) + value


def padded(uid):
    return uid.encode() + (b"\0" if len(uid) % 2 else b"")


class Association:
    """One association; the peer has to accept it."""

    def __init__(self, port, title, sop_class, syntax):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        context = item(0x20, b"\1\0\0\0" + item(0x30, sop_class.encode()) + item(0x40, syntax.encode()))
        user = item(0x51, struct.pack(">I", 16384)) + item(0x52, b"2.25.1")
        body = struct.pack(">HH16s16s32x", 1, 0, title.ljust(16).encode(), b"BENCHMARK".ljust(16))
        body += item(0x10, b"1.2.840.10008.3.1.1.1") + context + item(0x50, user)
        self.socket.sendall(struct.pack(">BBI", 1, 0, len(body)) + body)
        kind, answer = self.receive()
        assert kind == 2, f"the association was not accepted: PDU {kind} {answer[:4].hex()}"

    def receive(self):
        head = self.exactly(6)
        return head[0], self.exactly(struct.unpack(">I", head[2:])[0])

    def exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            assert part, "the peer ended the association"
            data += part
        return data

    def send(self, data, is_command, is_whole=True):
        for start in range(0, len(data), 16000):
            part = data[start:start + 16000]
            is_last = is_whole and start + 16000 >= len(data)
            flags = (1 if is_command else 0) | (2 if is_last else 0)
            self.socket.sendall(struct.pack(">BBIIBB", 4, 0, len(part) + 6, len(part) + 2, 1, flags) + part)

    def store(self, sop_class, instance, data, breaks_off):
        command = element(2, padded(sop_class)) + element(0x100, b"\1\0") + element(0x110, b"\1\0")
        command += element(0x700, b"\0\0") + element(0x800, b"\1\0") + element(0x1000, padded(instance))
        self.send(element(0, struct.pack("<I", len(command))) + command, True)
        if breaks_off:
            self.send(data[:len(data) // 2], False, is_whole=False)
            self.socket.sendall(struct.pack(">BBII", 7, 0, 4, 0))
            self.socket.close()
            return
        self.send(data, False)
        _, answer = self.receive()
        place = answer.index(struct.pack("<HHI", 0, 0x900, 2)) + 8
        status = struct.unpack("<H", answer[place:place + 2])[0]
        assert status == 0, f"C-STORE was answered with {status:04X}H"
        self.socket.sendall(struct.pack(">BBII", 5, 0, 4, 0))
        self.receive()
        self.socket.close()


def read(path):
    """SOP class, SOP instance, transfer syntax and the data set's bytes."""
    data = path.read_bytes()
    meta = pydicom.dcmread(path, stop_before_pixels=True).file_meta
    start = 144 + struct.unpack("<I", data[140:144])[0]
    return str(meta.MediaStorageSOPClassUID), str(meta.MediaStorageSOPInstanceUID), str(meta.TransferSyntaxUID), \
        data[start:]


def main():
    port, title, folder, count, simultaneous = sys.argv[1:]
    port, count, simultaneous = int(port), int(count), int(simultaneous)
    objects = [read(path) for path in sorted(Path(folder).rglob("*.dcm"))]
    lock, numbers, failures = threading.Lock(), iter(range(count)), []

    def work():
        while not failures:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            sop_class, instance, syntax, data = objects[number % len(objects)]
            try:
                Association(port, title, sop_class, syntax).store(sop_class, instance, data, number % 9 == 8)
            except Exception as error:  # noqa: BLE001 - any failure ends the run, with its words
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(simultaneous)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        sys.exit(f"associations.py: {failures[0]!r}")


if __name__ == "__main__":
    main()
