"""Prints name, octets and SHA-256 of each attachment of a message, and the SHA-256 of the raw body. Usage: FILE"""
import email
import email.policy
import hashlib
import sys

raw = open(sys.argv[1], "rb").read()
for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
    if part.get_filename():
        content = part.get_payload(decode=True)
        print("attachment", part.get_filename(), len(content), hashlib.sha256(content).hexdigest())
print("body", hashlib.sha256(raw.split(b"\r\n\r\n", 1)[1]).hexdigest())
