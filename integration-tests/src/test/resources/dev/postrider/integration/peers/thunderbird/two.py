"""Two on one account, as on a desk and on a lap: what one does the other shows by itself."""

from account import until
from letters import letter

MAIL = ["to be flagged", "to be read", "to be tagged", "to be moved", "to be deleted"]


def run(desk):
    desk.account.create("Shelf")
    desk.account.append("INBOX", *[letter(subject) for subject in MAIL])
    with desk.thunderbird("desk") as one, desk.thunderbird("lap") as other:
        for step in STEPS:
            desk.step(step, one, other)


def both_wait_in_the_inbox(_, one, other):
    for thunderbird in [one, other]:
        thunderbird.js("a3.displayFolder(inbox().URI); server.performExpand(win.msgWindow);")
        comes(thunderbird, "inbox().getTotalMessages(false) == args[0] && box('Shelf')", len(MAIL))
        thunderbird.idle_in_inbox()


def a_star_is_seen(_, one, other):
    one.js("""inbox().markMessagesFlagged([find(inbox(), "to be flagged")], true);""")
    comes(other, """find(inbox(), "to be flagged").isFlagged""")


def a_letter_is_read_there(_, one, other):
    other.js("""inbox().markMessagesRead([find(inbox(), "to be read")], true);""")
    comes(one, """find(inbox(), "to be read").isRead""")


def a_tag_is_seen(_, one, other):
    one.js("""inbox().addKeywordsToMessages([find(inbox(), "to be tagged")], "$label2");""")
    comes(
        other,
        """find(inbox(), "to be tagged").getStringProperty("keywords").includes("$label2")""",
    )


def a_moved_letter_is_gone_there(desk, one, other):
    other.js(
        """await copied(listener => MailServices.copy.copyMessages(inbox(),
             [find(inbox(), "to be moved")], box("Shelf"), true, listener, win.msgWindow, false));"""
    )
    comes(one, """!find(inbox(), "to be moved")""")
    until(lambda: set(desk.account.flags("Shelf")) == {"to be moved"}, "it is on the shelf")


def a_deleted_letter_is_gone_there(_, one, other):
    one.js(
        """await copied(listener => inbox().deleteMessages(
             [find(inbox(), "to be deleted")], win.msgWindow, false, false, listener, false));"""
    )
    comes(other, """!find(inbox(), "to be deleted")""")


def a_new_letter_comes_to_both(desk, one, other):
    desk.account.append("INBOX", letter("new"))
    comes(one, """!!find(inbox(), "new")""")
    comes(other, """!!find(inbox(), "new")""")


def both_show_what_the_server_has(desk, one, other):
    desk.picture("end")
    there = {
        "to be flagged": {"\\Flagged"},
        "to be read": {"\\Seen"},
        "to be tagged": {"$label2"},
        "new": set(),
    }
    flags = desk.account.flags("INBOX")
    assert {s: has for s, has in flags.items() if "\\Deleted" not in has} == there, flags
    for thunderbird in [one, other]:
        shown = thunderbird.js("return subjects(inbox());")
        assert shown == sorted(there), shown


def comes(thunderbird, condition, *arguments):
    """Becomes true in Thunderbird, which nobody touches."""
    came = thunderbird.js(f"return !!await until(() => {condition});", *arguments)
    assert came, condition


STEPS = [
    both_wait_in_the_inbox,
    a_star_is_seen,
    a_letter_is_read_there,
    a_tag_is_seen,
    a_moved_letter_is_gone_there,
    a_deleted_letter_is_gone_there,
    a_new_letter_comes_to_both,
    both_show_what_the_server_has,
]
