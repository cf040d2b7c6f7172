"""Sends mail as a user and as a stranger. Usage: SMTP SUBMISSION SUBMISSIONS CA PASSWORD"""
import smtplib
import ssl
import sys
from email.message import EmailMessage

smtp_port, submission_port, submissions_port, ca, password = sys.argv[1:]
tls = ssl.create_default_context(cafile=ca)

message = EmailMessage()
message["From"] = "Alice Müller <alice@a.test>"
message["To"] = "bob@a.test"
message["Bcc"] = "alice@a.test"
message["Subject"] = "Grüße aus smtplib"
message.set_content("Ein schöner Tag ☃\n.\n..two dots\n")
message.add_attachment(bytes(range(256)) * 100, maintype="application", subtype="octet-stream", filename="Äpfel.bin")

with smtplib.SMTP("localhost", int(submission_port), timeout=60) as smtp:
    code, _ = smtp.ehlo()
    assert code == 250, code
    assert not smtp.has_extn("auth"), "AUTH is offered in the clear"
    try:
        smtp.login("alice@a.test", password)
        raise AssertionError("logged in without TLS")
    except smtplib.SMTPException:
        pass
    smtp.starttls(context=tls)
    smtp.ehlo()
    for extension in ("size", "8bitmime", "smtputf8", "enhancedstatuscodes", "pipelining", "chunking", "auth"):
        assert smtp.has_extn(extension), extension
    smtp.login("alice@a.test", password)
    assert smtp.send_message(message) == {}

with smtplib.SMTP_SSL("localhost", int(submissions_port), context=tls, timeout=60) as smtp:
    smtp.login("alice@a.test", password)
    try:
        smtp.sendmail("bob@a.test", ["alice@a.test"], b"Subject: not mine\r\n\r\nx\r\n")
        raise AssertionError("sent with somebody else's address")
    except smtplib.SMTPException as refused:
        print("as somebody else:", refused)

with smtplib.SMTP_SSL("localhost", int(submissions_port), context=tls, timeout=60) as smtp:
    try:
        smtp.login("alice@a.test", "wrong password")
        raise AssertionError("logged in with a wrong password")
    except smtplib.SMTPAuthenticationError as refused:
        assert refused.smtp_code == 535, refused

with smtplib.SMTP("localhost", int(smtp_port), timeout=60) as smtp:
    refused = {}
    try:
        smtp.sendmail("stranger@elsewhere.test", ["victim@third.test"], b"Subject: relay\r\n\r\nx\r\n")
        raise AssertionError("an open relay")
    except smtplib.SMTPRecipientsRefused as e:
        assert e.recipients["victim@third.test"][0] in (550, 551, 554), e.recipients
    try:
        smtp.sendmail("stranger@elsewhere.test", ["nobody@a.test"], b"Subject: relay\r\n\r\nx\r\n")
        raise AssertionError("accepted for nobody")
    except smtplib.SMTPRecipientsRefused as e:
        assert e.recipients["nobody@a.test"][0] == 550, e.recipients
    smtp.sendmail("stranger@elsewhere.test", ["bob@a.test"], b"Subject: from outside\r\n\r\nhello\r\n")
print("ok")
