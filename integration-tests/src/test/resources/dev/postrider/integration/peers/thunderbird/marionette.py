"""Runs JavaScript in a Thunderbird that was started with --marionette (standard library only)."""

import json
import socket
import time

CONNECT_SECONDS = 90
ANSWER_SECONDS = 180
# A question of Thunderbird is for a step to answer.
CAPABILITIES = {"alwaysMatch": {"unhandledPromptBehavior": "ignore"}}


class Marionette:
    """One session; frames are the length of a JSON text, a colon, and the text."""

    def __init__(self, port):
        self.connection = self.connected(port)
        self.connection.settimeout(ANSWER_SECONDS)
        self.received = b""
        self.number = 0
        self.frame()
        self.call("WebDriver:NewSession", capabilities=CAPABILITIES)
        self.call("Marionette:SetContext", value="chrome")
        self.call("WebDriver:SetTimeouts", script=ANSWER_SECONDS * 1000)

    @staticmethod
    def connected(port):
        end = time.time() + CONNECT_SECONDS
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), 5)
            except OSError:
                if time.time() > end:
                    raise
                time.sleep(0.3)

    def more(self):
        octets = self.connection.recv(65536)
        if not octets:
            raise ConnectionError("Thunderbird closed the connection")
        self.received += octets

    def frame(self):
        while b":" not in self.received:
            self.more()
        length, self.received = self.received.split(b":", 1)
        while len(self.received) < int(length):
            self.more()
        text = self.received[: int(length)]
        self.received = self.received[int(length) :]
        return json.loads(text)

    def call(self, command, **parameters):
        self.number += 1
        text = json.dumps([0, self.number, command, parameters]).encode()
        self.connection.sendall(b"%d:%s" % (len(text), text))
        while True:
            kind, number, error, answer = self.frame()
            if kind == 1 and number == self.number:
                break
        if error:
            raise RuntimeError(f"{error['message']}\n{error.get('stacktrace', '')[:800]}")
        return answer

    def run(self, body, arguments):
        """Runs the body of an async function of `args`, and waits for what it returns."""
        script = "return (async args => {" + body + "\n})([...arguments]);"
        answer = self.call(
            "WebDriver:ExecuteScript", script=script, args=list(arguments), sandbox="system"
        )
        return answer.get("value")
