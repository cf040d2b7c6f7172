"""A Thunderbird with an account, on a display of its own, without a question at its first start."""

import os
import pathlib
import signal
import socket
import subprocess
import time

from marionette import Marionette

PROGRAM = "/usr/lib/thunderbird/thunderbird"
STOP_SECONDS = 15
TLS = 3
STARTTLS = 2

HERE = pathlib.Path(__file__).parent
TOOLS = (HERE / "tools.js").read_text()

OFF = """
    mail.server.server1.login_at_startup mail.server.server1.check_new_mail
    app.donation.eoy.enabled app.update.auto app.update.enabled app.normandy.enabled
    browser.safebrowsing.malware.enabled browser.safebrowsing.phishing.enabled
    datareporting.healthreport.uploadEnabled datareporting.policy.dataSubmissionEnabled
    dom.push.connection.enabled extensions.blocklist.enabled extensions.getAddons.cache.enabled
    extensions.update.enabled mail.account_hub.show_on_startup mail.biff.play_sound
    mail.biff.show_alert mail.inappnotifications.enabled mail.provider.enabled
    mail.shell.checkDefaultClient mail.spotlight.firstRunDone mailnews.start_page.enabled
    mailnews.confirm.moveFoldersToTrash mailnews.database.global.indexer.enabled
    network.captive-portal-service.enabled security.OCSP.require toolkit.telemetry.enabled
    toolkit.telemetry.unified
""".split()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Display:
    """Xvfb chooses its number and writes it to the descriptor that it is given."""

    def __enter__(self):
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1300x860x24", "-nolisten", "tcp"],
            pass_fds=[writing],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as said:
            self.name = ":" + said.readline().strip()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def picture(self, file):
        time.sleep(1)
        subprocess.run(["import", "-display", self.name, "-window", "root", str(file)], check=True)


class Thunderbird:
    def __init__(self, display, directory, account, password):
        self.display = display
        self.directory = pathlib.Path(directory)
        self.account = account
        self.password = password
        self.process = None

    def __enter__(self):
        self.make_profile()
        self.start()
        self.js(
            """for (const place of ["imap://localhost", "smtp://localhost"]) {
                 const login = Cc["@mozilla.org/login-manager/loginInfo;1"]
                   .createInstance(Ci.nsILoginInfo);
                 login.init(place, null, place, args[0], args[1], "", "");
                 await Services.logins.addLoginAsync(login);
               }""",
            self.account.user,
            self.password,
        )
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        environment = dict(
            os.environ,
            DISPLAY=self.display.name,
            HOME=str(self.directory),
            NO_AT_BRIDGE="1",
            GTK_A11Y="none",
            LANG="C.UTF-8",
        )
        with open(self.directory / "thunderbird.log", "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "--profile", str(self.profile), "--no-remote", "--marionette"]
                + ["--remote-allow-system-access"],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.marionette = Marionette(self.port)
        self.js(
            """await until(() =>
                 win.document.readyState == "complete" && a3.gFolder !== undefined);"""
        )

    def stop(self):
        try:
            self.marionette.call("Marionette:Quit", flags=["eForceQuit"])
            self.process.wait(STOP_SECONDS)
        except (OSError, RuntimeError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def js(self, body, *arguments):
        return self.marionette.run(TOOLS + body, arguments)

    def idle_in_inbox(self):
        """Opens the inbox; it goes into IDLE 2 seconds after its last command."""
        self.js(
            """a3.displayFolder(inbox().URI);
               await refresh(inbox()).catch(() => 0);
               await sleep(3000);"""
        )

    @property
    def profile(self):
        return self.directory / "profile"

    def make_profile(self):
        self.profile.mkdir(parents=True)
        database = "sql:" + str(self.profile)
        subprocess.run(["certutil", "-N", "-d", database, "--empty-password"], check=True)
        subprocess.run(
            ["certutil", "-A", "-d", database, "-n", "test", "-t", "CT,,", "-i", self.account.ca],
            check=True,
        )
        self.port = free_port()
        lines = [f"user_pref({quoted(key)}, {value});\n" for key, value in self.preferences()]
        (self.profile / "user.js").write_text("".join(lines))

    def preferences(self):
        account = self.account
        folders = "imap://" + account.user.replace("@", "%40") + "@localhost/"
        yield from texts(
            "mail.",
            {
                "accountmanager.accounts": "account1,account2",
                "accountmanager.defaultaccount": "account1",
                "accountmanager.localfoldersserver": "server2",
                "account.account1.server": "server1",
                "account.account1.identities": "id1",
                "account.account2.server": "server2",
                "server.server1.type": "imap",
                "server.server1.hostname": "localhost",
                "server.server1.userName": account.user,
                "server.server1.name": account.user,
                "server.server2.type": "none",
                "server.server2.hostname": "Local Folders",
                "server.server2.name": "Local Folders",
                "server.server2.userName": "nobody",
                "identity.id1.fullName": "Alice Ångström",
                "identity.id1.useremail": account.user,
                "identity.id1.smtpServer": "smtp1",
                "identity.id1.fcc_folder": folders + "Sent",
                "identity.id1.draft_folder": folders + "Drafts",
                "smtpservers": "smtp1",
                "smtp.defaultserver": "smtp1",
                "smtpserver.smtp1.hostname": "localhost",
                "smtpserver.smtp1.username": account.user,
            },
        )
        yield "services.settings.server", quoted("data:,#remote-settings-dummy/v1")
        yield "mailnews.start_page_override.mstone", quoted("ignore")
        for key, value in {
            "mail.server.server1.port": account.imap,
            "mail.server.server1.socketType": TLS,
            "mail.server.server1.authMethod": 3,
            "mail.smtpserver.smtp1.port": account.smtp,
            "mail.smtpserver.smtp1.try_ssl": STARTTLS,
            "mail.smtpserver.smtp1.authMethod": 3,
            "marionette.port": self.port,
            "mail.rights.version": 1,
            "mail.ui-rdf.version": 99,
            "app.donation.eoy.version.viewed": 999,
            "security.OCSP.enabled": 0,
            "ui.prefersReducedMotion": 1,
        }.items():
            yield key, value
        for key in [
            "mail.identity.id1.valid",
            "mail.identity.id1.fcc",
            "mail.identity.id1.compose_html",
            "mail.server.server1.use_idle",
            "mail.winsearch.firstRunDone",
            "mail.startup.enabledMailCheckOnce",
            "remote.prefs.recommended",
            "datareporting.policy.dataSubmissionPolicyBypassNotification",
        ]:
            yield key, "true"
        for key in OFF:
            yield key, "false"


def texts(prefix, values):
    for key, value in values.items():
        yield prefix + key, quoted(value)


def quoted(text):
    return '"' + text + '"'
