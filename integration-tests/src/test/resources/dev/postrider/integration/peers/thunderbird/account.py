"""A mail account as its server has it: what Thunderbird did is looked up here, without it."""

import contextlib
import email
import email.policy
import imaplib
import ssl
import time

WAIT_SECONDS = 30


def until(look, what):
    """What `look` returns, once that is true; fails when it does not become so."""
    end = time.time() + WAIT_SECONDS
    while True:
        seen = look()
        if seen:
            return seen
        if time.time() > end:
            raise AssertionError(f"not within {WAIT_SECONDS} s: {what}")
        time.sleep(0.3)


def becomes(look, expected):
    """Fails when what `look` returns does not become what is expected."""
    seen = []
    try:
        until(lambda: seen.append(look()) or seen[-1] == expected, expected)
    except AssertionError as late:
        raise AssertionError(f"{late}, but {seen[-1]}") from None


class Account:
    def __init__(self, user, password, imap, smtp, ca):
        self.user = user
        self.password = password
        self.imap = imap
        self.smtp = smtp
        self.ca = ca

    @contextlib.contextmanager
    def connection(self):
        trust = ssl.create_default_context(cafile=self.ca)
        with imaplib.IMAP4_SSL("localhost", self.imap, ssl_context=trust, timeout=60) as connection:
            connection.login(self.user, self.password)
            yield connection

    def fetched(self, mailbox, items):
        """What the server has of each message, as imaplib tells it; nothing without the mailbox."""
        with self.connection() as connection:
            status, count = connection.select(quoted(mailbox), readonly=True)
            if status != "OK" or count == [b"0"]:
                return []
            return [x for x in connection.fetch("1:*", items)[1] if isinstance(x, tuple)]

    def flags(self, mailbox):
        """Subjects with the flags of each message, but for \\Recent and Thunderbird's own."""
        found = self.fetched(mailbox, "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        by_subject = {parsed(header)["Subject"]: said_flags(said) for said, header in found}
        assert len(by_subject) == len(found), f"a subject is twice in {mailbox}: {found}"
        return by_subject

    def messages(self, mailbox):
        """Subjects with the octets of each message."""
        found = [octets for _, octets in self.fetched(mailbox, "(BODY.PEEK[])")]
        return {parsed(octets)["Subject"]: octets for octets in found}

    def mailboxes(self):
        with self.connection() as connection:
            return names(connection.list()[1])

    def subscribed(self):
        with self.connection() as connection:
            return names(connection.lsub()[1])

    def append(self, mailbox, *messages):
        with self.connection() as connection:
            for octets in messages:
                ok(connection.append(quoted(mailbox), None, None, octets))

    def append_together(self, mailbox, messages):
        """All in one command (MULTIAPPEND), which imaplib does not know."""
        with self.connection() as connection:
            connection.send(b"append APPEND " + quoted(mailbox).encode())
            for octets in messages:
                connection.send(b" {%d+}\r\n" % len(octets) + octets)
            connection.send(b"\r\n")
            line = connection.readline()
            while not line.startswith(b"append "):
                line = connection.readline()
            assert line.startswith(b"append OK"), line

    def create(self, mailbox):
        with self.connection() as connection:
            ok(connection.create(quoted(mailbox)))
            ok(connection.subscribe(quoted(mailbox)))

    def store(self, mailbox, subject, flag):
        """Sets a flag; a message that is \\Deleted so is expunged."""
        with self.connection() as connection:
            connection.select(quoted(mailbox))
            number = connection.search(None, "SUBJECT", quoted(subject))[1][0].decode()
            assert number.isdigit(), f"{subject} is not one message: {number}"
            ok(connection.store(number, "+FLAGS.SILENT", flag))
            connection.expunge()


def said_flags(said):
    flags = {flag.decode() for flag in imaplib.ParseFlags(said)}
    return flags - {"\\Recent", "NonJunk", "Junk", "$MDNSent"}


def parsed(octets):
    return email.message_from_bytes(octets, policy=email.policy.default)


def names(listed):
    return [line.decode().split(' "/" ')[-1].strip('"') for line in listed if line]


def quoted(text):
    return '"' + text + '"'


def ok(answer):
    assert answer[0] == "OK", answer
