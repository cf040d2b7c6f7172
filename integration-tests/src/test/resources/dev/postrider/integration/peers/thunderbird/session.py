"""A session with Thunderbird as a person has it, of small steps, each looked up on the server.

Prints a line for each step and ends with 0 when all went well. In the output directory are
pictures of the screen and, for each Thunderbird, its profile and thunderbird.log.
"""

import argparse
import pathlib

import everyday
import large
import offline
import two
import wrong
from account import Account
from desk import Desk

SESSIONS = {
    "everyday": everyday.run,
    "large": large.run,
    "offline": offline.run,
    "two": two.run,
    "wrong": wrong.run,
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("session", choices=SESSIONS)
    parser.add_argument("--imap", type=int, required=True, help="port of localhost, with TLS")
    parser.add_argument("--smtp", type=int, required=True, help="port of localhost, with STARTTLS")
    parser.add_argument("--ca", required=True, help="certificate that is to be trusted, PEM")
    parser.add_argument("--user", required=True, help="address of an empty account")
    parser.add_argument("--second", required=True, help="address of another one")
    parser.add_argument("--password", required=True, help="of both")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="an empty directory")
    return parser.parse_args()


def main():
    given = arguments()
    accounts = [
        Account(user, given.password, given.imap, given.smtp, given.ca)
        for user in [given.user, given.second]
    ]
    SESSIONS[given.session](Desk(*accounts, given.output.resolve()))


main()
