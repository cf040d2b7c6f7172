"""A mailbox that somebody never tidied."""

from account import until
from letters import letter

COUNT = 10_000


def run(desk):
    desk.step(is_filled)
    with desk.thunderbird() as thunderbird:
        for step in [opens_it, reads_the_last, marks_the_first, comes_back_at_once]:
            desk.step(step, thunderbird)


def is_filled(desk):
    desk.account.append_together("INBOX", [letter(f"number {n + 1:05}") for n in range(COUNT)])
    return f"{COUNT} messages"


def opens_it(desk, thunderbird):
    shown = thunderbird.js(
        """a3.displayFolder(inbox().URI);
           server.performExpand(win.msgWindow);
           await until(() => a3.gDBView?.rowCount == args[0], 120000);
           return a3.gDBView.rowCount;""",
        COUNT,
    )
    assert shown == COUNT, shown
    desk.picture("opened")
    return f"{shown} in the list"


def reads_the_last(desk, thunderbird):
    subject = f"number {COUNT:05}"
    text = thunderbird.js(
        """const header = find(inbox(), args[0]);
           a3.threadTree.selectedIndex = a3.gDBView.findIndexOfMsgHdr(header, true);
           const browser = a3.messageBrowser.contentWindow;
           const shown = () => browser.document.getElementById("expandedsubjectBox").textContent;
           await until(() => shown().includes(args[0]));
           return shown();""",
        subject,
    )
    assert subject in text, text
    until(lambda: "\\Seen" in desk.account.flags("INBOX")[subject], "it is read")
    desk.picture("read")


def marks_the_first(desk, thunderbird):
    thunderbird.js("""inbox().markMessagesFlagged([find(inbox(), "number 00001")], true);""")
    until(lambda: "\\Flagged" in desk.account.flags("INBOX")["number 00001"], "it is marked")


def comes_back_at_once(_, thunderbird):
    thunderbird.stop()
    thunderbird.start()
    shown = thunderbird.js(
        """a3.displayFolder(inbox().URI);
           await until(() => a3.gDBView?.rowCount == args[0]);
           return [a3.gDBView.rowCount, find(inbox(), "number 00001").isFlagged];""",
        COUNT,
    )
    assert shown == [COUNT, True], shown
