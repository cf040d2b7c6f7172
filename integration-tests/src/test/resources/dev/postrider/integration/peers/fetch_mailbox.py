"""Writes every message of a mailbox to a file named by its UID. Usage: PORT CA USER PASSWORD MAILBOX DIR"""
import imaplib
import os
import ssl
import sys

imaplib._MAXLINE = 10_000_000
port, ca, user, password, mailbox, directory = sys.argv[1:]
imap = imaplib.IMAP4_SSL("localhost", int(port), ssl_context=ssl.create_default_context(cafile=ca), timeout=120)
imap.login(user, password)
status, _ = imap.select(mailbox, readonly=True)
assert status == "OK", status
_, (uids,) = imap.uid("SEARCH", "ALL")
for uid in uids.split():
    _, data = imap.uid("FETCH", uid, "(BODY.PEEK[])")
    with open(os.path.join(directory, uid.decode().zfill(10)), "wb") as file:
        file.write(data[0][1])
imap.logout()
