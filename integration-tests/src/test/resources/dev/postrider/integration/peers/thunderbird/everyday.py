"""What anybody does with a mail program in a day."""

import base64
import re

from account import until
from letters import letter

IN_THE_MORNING = [
    "plain hello",
    "to be moved",
    "to be deleted",
    "to be copied",
    "needle in haystack",
]
HTML_SUBJECT = "Grüße ☕ HTML"
SENT_SUBJECT = "Sent by Thunderbird ✉"
FOLDER = "Übung"
FOLDER_ON_THE_SERVER = "&ANw-bung"


def run(desk):
    desk.account.append("INBOX", *[letter(subject) for subject in IN_THE_MORNING])
    desk.account.append("INBOX", letter(HTML_SUBJECT, html=True, attachment="Rechnung №1.bin"))
    with desk.thunderbird() as thunderbird:
        for step in STEPS:
            desk.step(step, thunderbird)


def connects_and_lists_folders(_, thunderbird):
    thunderbird.js(
        f"""a3.displayFolder(inbox().URI);
            server.performExpand(win.msgWindow);
            await until(() => inbox().getTotalMessages(false) == {len(IN_THE_MORNING) + 1});"""
    )
    count = thunderbird.js("return inbox().getTotalMessages(false);")
    assert count == len(IN_THE_MORNING) + 1, count
    return thunderbird.js("return root.descendants.map(path);")


def opens_a_letter_with_html_and_attachment(desk, thunderbird):
    shown = thunderbird.js(
        """const header = find(inbox(), args[0]);
           a3.threadTree.selectedIndex = a3.gDBView.findIndexOfMsgHdr(header, true);
           const browser = a3.messageBrowser.contentWindow;
           const subject = () => browser.document.getElementById("expandedsubjectBox").textContent;
           await until(() => browser.gMessage?.messageKey == header.messageKey
             && subject().includes(args[0]) && browser.currentAttachments?.length);
           await sleep(1000);
           return {
             subject: subject(),
             attachments: browser.currentAttachments.map(a => a.name + " " + a.size),
           };""",
        HTML_SUBJECT,
    )
    desk.picture("letter")
    assert HTML_SUBJECT in shown["subject"], shown
    assert shown["attachments"][0].startswith("Rechnung №1.bin"), shown
    until(lambda: "\\Seen" in desk.account.flags("INBOX")[HTML_SUBJECT], "it is read")
    return shown["attachments"]


def has_every_octet_of_it(desk, thunderbird):
    text = thunderbird.js(
        """const header = find(inbox(), args[0]), uri = inbox().getUriForMsg(header);
           const service = MailServices.messageServiceFromURI(uri), parts = [];
           return await new Promise((resolve, reject) => service.streamMessage(uri, {
             onStartRequest() {},
             onDataAvailable(request, stream, offset, count) {
               const octets = Cc["@mozilla.org/binaryinputstream;1"]
                 .createInstance(Ci.nsIBinaryInputStream);
               octets.setInputStream(stream);
               parts.push(octets.readBytes(count));
             },
             onStopRequest(request, status) {
               Components.isSuccessCode(status) ? resolve(btoa(parts.join(""))) : reject(status);
             },
             QueryInterface: ChromeUtils.generateQI(["nsIStreamListener"]),
           }, win.msgWindow, null, false, "", false));""",
        HTML_SUBJECT,
    )
    own_marks = re.compile(rb"^X-Mozilla-[^\n]*\n", re.MULTILINE)
    have = own_marks.sub(b"", base64.b64decode(text)).replace(b"\r\n", b"\n").rstrip(b"\n")
    there = desk.account.messages("INBOX")[HTML_SUBJECT].replace(b"\r\n", b"\n").rstrip(b"\n")
    (desk.output / "have.eml").write_bytes(have)
    (desk.output / "there.eml").write_bytes(there)
    assert have == there, "differs: have.eml, there.eml"
    return f"{len(there)} octets"


def marks_read_with_a_star_and_a_tag(desk, thunderbird):
    thunderbird.js(
        """const header = find(inbox(), "plain hello");
           inbox().markMessagesRead([header], true);
           inbox().markMessagesFlagged([header], true);
           inbox().addKeywordsToMessages([header], "$label1");"""
    )
    expected = {"\\Seen", "\\Flagged", "$label1"}
    until(lambda: desk.account.flags("INBOX")["plain hello"] == expected, expected)


def marks_unread(desk, thunderbird):
    thunderbird.js("""inbox().markMessagesRead([find(inbox(), "plain hello")], false);""")
    until(lambda: "\\Seen" not in desk.account.flags("INBOX")["plain hello"], "no \\Seen")


def makes_a_folder_and_one_inside(desk, thunderbird):
    thunderbird.js(
        """root.createSubfolder(args[0], win.msgWindow);
           await until(() => box(args[0]));
           box(args[0]).createSubfolder("Sub", win.msgWindow);
           await until(() => box(args[0] + "/Sub"));""",
        FOLDER,
    )
    until(lambda: FOLDER_ON_THE_SERVER + "/Sub" in desk.account.mailboxes(), "it is there")


def copies_moves_and_deletes(desk, thunderbird):
    thunderbird.js(
        """const put = (subject, move) => copied(listener => MailServices.copy.copyMessages(
             inbox(), [find(inbox(), subject)], box(args[0]), move, listener, win.msgWindow, false));
           await put("to be copied", false);
           await put("to be moved", true);
           await copied(listener => inbox().deleteMessages(
             [find(inbox(), "to be deleted")], win.msgWindow, false, false, listener, false));""",
        FOLDER,
    )
    account = desk.account
    until(lambda: set(account.flags(FOLDER_ON_THE_SERVER)) == {"to be copied", "to be moved"}, "two")
    until(lambda: set(account.flags("Trash")) == {"to be deleted"}, "one in Trash")
    left = {s for s, flags in account.flags("INBOX").items() if "\\Deleted" not in flags}
    assert left == {"plain hello", "to be copied", "needle in haystack", HTML_SUBJECT}, left


def renames_a_folder_and_deletes_it(desk, thunderbird):
    thunderbird.js(
        """box(args[0] + "/Sub").rename("Renamed é", win.msgWindow);
           await until(() => box(args[0] + "/Renamed é"));""",
        FOLDER,
    )
    renamed = FOLDER_ON_THE_SERVER + "/Renamed &AOk-"
    until(lambda: renamed in desk.account.mailboxes(), renamed)
    thunderbird.js(
        """box(args[0] + "/Renamed é").deleteSelf(win.msgWindow);
           await until(() => box("Trash/Renamed é"));""",
        FOLDER,
    )
    in_trash = "Trash/Renamed &AOk-"
    until(lambda: in_trash in desk.account.mailboxes(), in_trash)
    assert renamed not in desk.account.mailboxes(), renamed


def searches_on_the_server(_, thunderbird):
    hits = thunderbird.js(
        """const search = Cc["@mozilla.org/messenger/searchSession;1"]
             .createInstance(Ci.nsIMsgSearchSession);
           search.addScopeTerm(Ci.nsMsgSearchScope.onlineMail, inbox());
           for (const [attribute, text] of [["Subject", "needle"], ["Body", "café"]]) {
             const term = search.createTerm(), value = term.value;
             value.attrib = term.attrib = Ci.nsMsgSearchAttrib[attribute];
             value.str = text;
             term.value = value;
             term.op = Ci.nsMsgSearchOp.Contains;
             term.booleanAnd = true;
             search.appendTerm(term);
           }
           const hits = [];
           return await new Promise(resolve => {
             search.registerListener({
               onNewSearch() {},
               onSearchHit(header) { hits.push(header.mime2DecodedSubject); },
               onSearchDone() { resolve(hits); },
               QueryInterface: ChromeUtils.generateQI(["nsIMsgSearchNotify"]),
             });
             search.search(win.msgWindow);
           });"""
    )
    assert hits == ["needle in haystack"], hits


def unsubscribes_and_subscribes(desk, thunderbird):
    account = desk.account
    assert FOLDER_ON_THE_SERVER in account.subscribed(), "what it made it has subscribed"
    subscribe = "server.QueryInterface(Ci.nsISubscribableServer).{}(wire(box(args[0])));"
    thunderbird.js(subscribe.format("unsubscribe"), FOLDER)
    until(lambda: FOLDER_ON_THE_SERVER not in account.subscribed(), "unsubscribed")
    thunderbird.js(subscribe.format("subscribe"), FOLDER)
    until(lambda: FOLDER_ON_THE_SERVER in account.subscribed(), "subscribed")


def shows_new_mail_at_once(desk, thunderbird):
    thunderbird.idle_in_inbox()
    desk.account.append("INBOX", letter("pushed by IDLE"))
    assert thunderbird.js("""return !!await until(() => find(inbox(), "pushed by IDLE"), 15000);""")


def writes_and_sends(desk, thunderbird):
    thunderbird.js(
        """await compose(args[0], args[1], "<p>Hello from <b>Thunderbird</b>: äöü ☕</p>",
             { name: "note.txt", text: "attached text" });""",
        desk.second.user,
        SENT_SUBJECT,
    )
    desk.picture("writing")
    sent = thunderbird.js(
        """composing().goDoCommand("cmd_sendNow");
           return !!await until(() => !composing());"""
    )
    assert sent, "its window is still open"
    until(lambda: SENT_SUBJECT in desk.account.flags("Sent"), "a copy in Sent")
    arrived = until(lambda: desk.second.messages("INBOX").get(SENT_SUBJECT), "it arrives")
    assert b"note.txt" in arrived and b"multipart/mixed" in arrived, arrived


def opens_its_copy(desk, thunderbird):
    shown = thunderbird.js(
        """a3.displayFolder(box("Sent").URI);
           const shown = () => [box("Sent").getTotalMessages(false), ...subjects(box("Sent"))];
           await until(() => shown().join() == [1, args[0]].join());
           const result = shown();
           a3.displayFolder(inbox().URI);
           return result;""",
        SENT_SUBJECT,
    )
    assert shown == [1, SENT_SUBJECT], shown
    assert set(desk.account.flags("Sent")) == {SENT_SUBJECT}


def saves_a_draft(desk, thunderbird):
    thunderbird.js(
        """await compose(args[0], "A draft", "<p>unfinished</p>", null);
           composing().goDoCommand("cmd_saveAsDraft");""",
        desk.second.user,
    )
    flags = until(lambda: desk.account.flags("Drafts").get("A draft"), "it is in Drafts")
    thunderbird.js("composing().gContentChanged = false; composing().close();")
    assert "\\Draft" in flags, flags


def compacts(desk, thunderbird):
    thunderbird.js(
        """await new Promise((resolve, reject) =>
             inbox().compact(ended(resolve, reject), win.msgWindow)).catch(() => 0);"""
    )
    account = desk.account
    until(lambda: not any("\\Deleted" in f for f in account.flags("INBOX").values()), "expunged")
    shown = thunderbird.js("return subjects(inbox());")
    assert shown == sorted(account.flags("INBOX")), shown
    desk.picture("end")
    return thunderbird.js(
        "return root.descendants.map(f => path(f) + ' ' + f.getTotalMessages(false));"
    )


STEPS = [
    connects_and_lists_folders,
    opens_a_letter_with_html_and_attachment,
    has_every_octet_of_it,
    marks_read_with_a_star_and_a_tag,
    marks_unread,
    makes_a_folder_and_one_inside,
    copies_moves_and_deletes,
    renames_a_folder_and_deletes_it,
    searches_on_the_server,
    unsubscribes_and_subscribes,
    shows_new_mail_at_once,
    writes_and_sends,
    opens_its_copy,
    saves_a_draft,
    compacts,
]
