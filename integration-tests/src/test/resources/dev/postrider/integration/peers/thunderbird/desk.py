"""Where a session takes place: the accounts, the displays, and a place for what is to be kept."""

import contextlib
import time

from thunderbird import Display, Thunderbird


class Desk:
    def __init__(self, account, second, output):
        self.account = account
        self.second = second
        self.output = output
        self.displays = []

    @contextlib.contextmanager
    def thunderbird(self, name="one", password=None):
        """One that knows the account and its password, or another password."""
        directory = self.output / name
        directory.mkdir()
        with Display() as display:
            self.displays.append((name, display))
            program = Thunderbird(
                display, directory, self.account, password or self.account.password
            )
            with program:
                yield program

    def picture(self, name):
        for of, display in self.displays:
            display.picture(self.output / f"{name}-{of}.png")

    def step(self, what, *arguments):
        """Does it and says so in a line; a picture of it is there when it failed, too."""
        name = what.__name__.replace("_", " ")
        begin = time.time()
        try:
            note = what(self, *arguments)
        except BaseException:
            self.say("FAILED", begin, name, None)
            with contextlib.suppress(Exception):
                self.picture("failed")
            raise
        self.say("ok", begin, name, note)

    @staticmethod
    def say(result, begin, name, note):
        told = "" if note is None else f": {note}"
        print(f"{result:6} {time.time() - begin:5.1f} s  {name}{told}", flush=True)
