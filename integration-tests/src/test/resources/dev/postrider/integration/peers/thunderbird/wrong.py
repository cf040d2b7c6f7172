"""A password that is wrong, and then right."""

import contextlib

from account import until
from letters import letter

# Nothing can be run in Thunderbird while it asks, so what is to be answered is said before.
ANSWERS = """
const {setTimeout} = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
win.asked = [];
Services.obs.addObserver(question => {
  const ui = question.Dialog.ui;
  win.asked.push(ui.infoBody.textContent);
  setTimeout(() => {
    if (ui.password1Container.hidden) return ui.button2.click();
    ui.password1Textbox.value = args[0];
    ui.button0.click();
  }, 4000);
}, "common-dialog-loaded");
"""


def run(desk):
    desk.account.append("INBOX", letter("for who knows the password"))
    with desk.thunderbird(password="not the password") as thunderbird:
        for step in STEPS:
            desk.step(step, thunderbird)


def is_refused_and_says_so(desk, thunderbird):
    thunderbird.js(
        ANSWERS + "a3.displayFolder(inbox().URI); server.performExpand(win.msgWindow);",
        desk.account.password,
    )
    text = until(lambda: question(thunderbird, "failed"), "it says that it was refused")
    desk.picture("refused")
    return text


def asks_for_another_password(desk, thunderbird):
    text = until(lambda: question(thunderbird, "password for"), "it asks for the password")
    desk.picture("asks")
    return text


def takes_the_right_one(desk, thunderbird):
    until(lambda: not question(thunderbird, ""), "it asks no more")
    subjects = thunderbird.js(
        """await until(() => inbox().getTotalMessages(false) == 1);
           inbox().markMessagesFlagged([...inbox().messages], true);
           return subjects(inbox());"""
    )
    asked = thunderbird.js("return win.asked;")
    assert len(asked) == 2, asked
    until(lambda: "\\Flagged" in desk.account.flags("INBOX")[subjects[0]], "it is marked")


def question(thunderbird, words):
    """What Thunderbird asks at this moment, if these words are in it."""
    with contextlib.suppress(RuntimeError):
        text = thunderbird.marionette.call("WebDriver:GetAlertText")["value"]
        return text if words in text else None


STEPS = [is_refused_and_says_so, asks_for_another_password, takes_the_right_one]
