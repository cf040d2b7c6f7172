"""Runs a program in a terminal of its own and works it as a person does.

    terminal.py COMMAND WAIT KEYS [WAIT KEYS]...

Waits until the screen has said WAIT since the last keys and is still, as a program may throw away
what is typed earlier; then types KEYS (with \\r and the like). WAIT may name several texts with | between
them, of which one is enough. Ends with the program. Whatever takes longer than 30 seconds is a failure, which prints the screen.
"""

import os
import pty
import re
import select
import sys
import time

LIMIT_SECONDS = 30
STILL_SECONDS = 0.3
ESCAPES = re.compile(rb"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>])")


class Terminal:
    def __init__(self, command):
        self.screen = b""
        self.done = []
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execvp("/bin/sh", ["/bin/sh", "-c", "stty rows 24 cols 100; exec " + command])

    def comes(self, seconds):
        return bool(select.select([self.descriptor], [], [], max(0, seconds))[0])

    def read(self, end):
        """False when the program has ended."""
        if not self.comes(end - time.time()):
            os.kill(self.pid, 9)
            sys.exit(f"nothing more came after {self.done}; the screen: " + self.text()[-2000:])
        try:
            octets = os.read(self.descriptor, 65536)
        except OSError:
            octets = b""
        self.screen += octets
        return bool(octets)

    def text(self):
        return ESCAPES.sub(b"", self.screen).decode("utf-8", "replace")

    def work(self, awaited, keys):
        end = time.time() + LIMIT_SECONDS
        while not any(text in self.text() for text in awaited.split("|")):
            if not self.read(end):
                sys.exit(f"it ended before '{awaited}'; the screen: " + self.text()[-2000:])
        while self.comes(STILL_SECONDS) and self.read(end):
            pass
        self.screen = b""
        self.done.append(awaited)
        os.write(self.descriptor, keys.encode())

    def end(self):
        end = time.time() + LIMIT_SECONDS
        while self.read(end):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


terminal = Terminal(sys.argv[1])
for wait, typed in zip(sys.argv[2::2], sys.argv[3::2]):
    terminal.work(wait, typed.encode().decode("unicode_escape"))
sys.exit(terminal.end())
