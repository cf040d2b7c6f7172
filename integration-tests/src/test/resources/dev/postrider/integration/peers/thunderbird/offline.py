"""A journey: the program is taken offline with its mail, works on, and comes back."""

from account import until
from letters import letter

MAIL = [
    "to be read",
    "to be flagged",
    "to be tagged",
    "to be moved",
    "to be copied",
    "to be deleted",
    "changed at home",
    "deleted at home",
]
SENT_SUBJECT = "written on the train"

QUEUE = """MailServices.accounts.localFoldersServer.rootFolder
             .getFolderWithFlags(Ci.nsMsgFolderFlags.Queue)"""

# Of letters that wait, when the program goes online.
WITHOUT_ASKING = 1


def run(desk):
    desk.account.create("Shelf")
    desk.account.append("INBOX", *[letter(subject) for subject in MAIL])
    with desk.thunderbird() as thunderbird:
        for step in STEPS:
            desk.step(step, thunderbird)


def takes_its_mail_along(_, thunderbird):
    thunderbird.js(
        """a3.displayFolder(inbox().URI);
           server.performExpand(win.msgWindow);
           await until(() => inbox().getTotalMessages(false) == args[0] && box("Shelf"));""",
        len(MAIL),
    )
    thunderbird.idle_in_inbox()
    kept = thunderbird.js(
        """inbox().setFlag(Ci.nsMsgFolderFlags.Offline);
           await new Promise((resolve, reject) =>
             inbox().downloadAllForOffline(ended(resolve, reject), win.msgWindow));
           const here = () => [...inbox().messages]
             .filter(h => h.flags & Ci.nsMsgMessageFlags.Offline).length;
           await until(() => here() == args[0]);
           return here();""",
        len(MAIL),
    )
    assert kept == len(MAIL), kept


def goes_offline(_, thunderbird):
    thunderbird.js("Services.io.offline = true; await sleep(1000);")
    assert thunderbird.js("return win.MailOfflineMgr.isOnline();") is False


def reads_a_letter(desk, thunderbird):
    text = thunderbird.js(
        """const header = find(inbox(), "to be read");
           a3.threadTree.selectedIndex = a3.gDBView.findIndexOfMsgHdr(header, true);
           const browser = a3.messageBrowser.contentWindow;
           const shown = () => browser.getMessagePaneBrowser().contentDocument.body.textContent;
           await until(() => browser.gMessage?.messageKey == header.messageKey
             && shown().includes("café"));
           inbox().markMessagesRead([header], true);
           return shown();"""
    )
    assert "café" in text, text
    desk.picture("offline")


def works_on(_, thunderbird):
    thunderbird.js(
        """inbox().markMessagesFlagged([find(inbox(), "to be flagged")], true);
           inbox().addKeywordsToMessages([find(inbox(), "to be tagged")], "$label3");
           const put = (subject, move) => copied(listener => MailServices.copy.copyMessages(
             inbox(), [find(inbox(), subject)], box("Shelf"), move, listener, win.msgWindow, false));
           await put("to be copied", false);
           await put("to be moved", true);
           await copied(listener => inbox().deleteMessages(
             [find(inbox(), "to be deleted")], win.msgWindow, false, false, listener, false));"""
    )


def writes_a_letter(desk, thunderbird):
    waits = thunderbird.js(
        """await compose(args[0], args[1], "<p>On the train.</p>", null);
           composing().goDoCommand("cmd_sendLater");
           await until(() => !composing());
           await until(() => QUEUE.getTotalMessages(false) == 1);
           return QUEUE.getTotalMessages(false);""".replace("QUEUE", QUEUE),
        desk.second.user,
        SENT_SUBJECT,
    )
    assert waits == 1, waits


def nobody_at_home_knows(desk, _):
    account = desk.account
    assert account.flags("INBOX") == {subject: set() for subject in MAIL}
    assert account.flags("Shelf") == {}
    assert SENT_SUBJECT not in desk.second.messages("INBOX")


def life_goes_on_at_home(desk, _):
    desk.account.store("INBOX", "changed at home", "\\Flagged")
    desk.account.store("INBOX", "deleted at home", "\\Deleted")
    desk.account.append("INBOX", letter("new at home"))


def comes_back(desk, thunderbird):
    """It says what was done in turns, as it looks at its folders: flags first, then what moved."""
    thunderbird.js(
        """Services.prefs.setIntPref("offline.send.unsent_messages", args[0]);
           Cc["@mozilla.org/messenger/offline-manager;1"].getService(Ci.nsIMsgOfflineManager)
             .goOnline(true, false, win.msgWindow);
           await until(() => QUEUE.getTotalMessages(false) == 0);
           const imap = Cc["@mozilla.org/messenger/imapservice;1"].getService(Ci.nsIImapService);
           for (let turn = 0; turn < 3; turn++) {
             await new Promise((resolve, reject) =>
               imap.playbackAllOfflineOperations(win.msgWindow, ended(resolve, reject)));
             await sleep(3000);
           }""".replace("QUEUE", QUEUE),
        WITHOUT_ASKING,
    )
    account = desk.account
    until(lambda: set(account.flags("Shelf")) == {"to be copied", "to be moved"}, "two on the shelf")
    until(lambda: set(account.flags("Trash")) == {"to be deleted"}, "one in Trash")
    until(lambda: account.flags("INBOX")["to be tagged"] == {"$label3"}, "the tag")
    until(lambda: SENT_SUBJECT in desk.second.messages("INBOX"), "the letter arrives")
    until(lambda: SENT_SUBJECT in account.flags("Sent"), "a copy in Sent")


def both_have_the_same(desk, thunderbird):
    there = {
        "to be read": {"\\Seen"},
        "to be flagged": {"\\Flagged"},
        "to be tagged": {"$label3"},
        "to be copied": set(),
        "changed at home": {"\\Flagged"},
        "new at home": set(),
    }

    def at_home():
        flags = desk.account.flags("INBOX")
        return {s: has for s, has in flags.items() if "\\Deleted" not in has}

    until(lambda: at_home() == there, "what was done offline is done")
    shown = thunderbird.js(
        """await refresh(inbox()).catch(() => 0);
           await until(() => subjects(inbox()).join() == args[0].join()
             && find(inbox(), "changed at home").isFlagged);
           return [subjects(inbox()), find(inbox(), "changed at home").isFlagged];""",
        sorted(there),
    )
    assert shown == [sorted(there), True], shown
    desk.picture("end")


STEPS = [
    takes_its_mail_along,
    goes_offline,
    reads_a_letter,
    works_on,
    writes_a_letter,
    nobody_at_home_knows,
    life_goes_on_at_home,
    comes_back,
    both_have_the_same,
]
