"""Mail for the sessions."""

import itertools
from email.message import EmailMessage

HTML = "<h1>HTML Überschrift</h1><p>Body with <b>bold</b> text</p><ul><li>één</li><li>två</li></ul>"
ATTACHED = bytes(range(256)) * 40
NUMBERS = itertools.count(1)


def letter(subject, html=False, attachment=None):
    number = next(NUMBERS)
    message = EmailMessage()
    message["From"] = "Bøb Builder <builder@example.test>"
    message["To"] = "alice@example.test"
    message["Subject"] = subject
    message["Message-ID"] = f"<{number}@letters.example.test>"
    message["Date"] = f"Mon, 16 Nov 2026 10:{number // 60 % 60:02}:{number % 60:02} +0000"
    message.set_content("Plain text body, café.\n")
    if html:
        message.add_alternative(HTML, subtype="html")
    if attachment:
        message.add_attachment(
            ATTACHED, maintype="application", subtype="octet-stream", filename=attachment
        )
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
