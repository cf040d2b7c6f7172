"""A session as imaplib holds it, over STARTTLS. Usage: PORT CA USER PASSWORD"""
import imaplib
import ssl
import sys
import time

port, ca, user, password = sys.argv[1:]


def ok(answer):
    status, data = answer
    assert status == "OK", answer
    return data


imap = imaplib.IMAP4("localhost", int(port), timeout=60)
assert "LOGINDISABLED" in imap.capabilities, imap.capabilities
ok(imap.starttls(ssl.create_default_context(cafile=ca)))
try:
    imap.login(user, "wrong password")
    raise AssertionError("logged in with a wrong password")
except imaplib.IMAP4.error:
    pass
ok(imap.login(user, password))

names = b"\n".join(ok(imap.list()))
for special in (b"\\Drafts", b"\\Sent", b"\\Junk", b"\\Trash", b"\\Archive"):
    assert special in names, (special, names)
subscribed = b"\n".join(ok(imap.lsub()))
assert b"Sent" in subscribed, subscribed
ok(imap.namespace())

box = "Entw&APw-rfe 2026"  # modified UTF-7: Entwürfe 2026
quoted = '"%s"' % box
ok(imap.create(quoted))
ok(imap.subscribe(quoted))
assert box.encode() in b"\n".join(ok(imap.list()))
raw = "Subject: Grüße\r\nMessage-ID: <one@a.test>\r\n\r\nline\r\n".encode()
date = imaplib.Time2Internaldate(time.gmtime(1_700_000_000))
for i in range(5):
    ok(imap.append(quoted, "(\\Flagged keyword%d)" % i, date, raw.replace(b"one", b"n%d" % i)))
assert ok(imap.select(quoted)) == [b"5"]
assert ok(imap.search(None, "HEADER", "Message-ID", "<n3@a.test>")) == [b"4"]
assert ok(imap.search(None, "FLAGGED", "KEYWORD", "keyword2")) == [b"3"]
assert ok(imap.search(None, "SINCE", "1-Nov-2023", "NOT", "DELETED")) == [b"1 2 3 4 5"]
fetched = ok(imap.fetch("1:*", "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)"))
assert len(fetched) == 10, fetched  # the subject is a literal, which imaplib gives apart
assert b"14-Nov-2023 22:13:20 +0000" in fetched[0][0], fetched
_, body = ok(imap.fetch("4", "(BODY.PEEK[])"))[0]
assert body == raw.replace(b"one", b"n3"), body
assert ok(imap.fetch("4", "(BODY.PEEK[TEXT]<2.2>)"))[0][1] == b"ne"
assert b"\\Seen" not in ok(imap.fetch("4", "(FLAGS)"))[0]
ok(imap.fetch("4", "(BODY[])"))
assert b"\\Seen" in ok(imap.fetch("4", "(FLAGS)"))[0]
ok(imap.store("1:2", "+FLAGS", "(\\Deleted)"))
ok(imap.copy("3", "Archive"))
assert ok(imap.uid("MOVE", "4", "Trash"))
assert ok(imap.expunge()) and len(ok(imap.search(None, "ALL"))[0].split()) == 2
ok(imap.close())
assert b"MESSAGES 1" in ok(imap.status("Archive", "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)"))[0]
assert b"MESSAGES 1" in ok(imap.status("Trash", "(MESSAGES)"))[0]
ok(imap.rename(quoted, "Renamed"))
ok(imap.unsubscribe(quoted))
ok(imap.delete("Renamed"))
status, _ = imap.select("Renamed")
assert status == "NO", status
imap.logout()
print("ok")
