package dev.postrider.integration.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Reading a whole mailbox by one command over TLS, from two mail systems in turn. */
final class ReadingAll {

  /** Dovecot allows an account ten from one address. */
  private static final int FILLING_SESSIONS = 8;

  private static final List<String> COMMANDS =
      List.of("UID FETCH 1:* (FLAGS)", "UID FETCH 1:* (BODY.PEEK[])");

  private final BarTable table;
  private final MailSystem ours;
  private final MailSystem theirs;
  private final String account;
  private final int messages;
  private final int octets;

  /**
   * @param account with an empty INBOX
   */
  ReadingAll(
      BarTable table,
      MailSystem ours,
      MailSystem theirs,
      String account,
      int messages,
      int octets) {
    this.table = table;
    this.ours = ours;
    this.theirs = theirs;
    this.account = account;
    this.messages = messages;
    this.octets = octets;
  }

  void run() throws IOException, InterruptedException {
    table.heading(
        String.format(
            Locale.ROOT,
            "reading %d messages of %d octets by IMAP and TLS, same certificate",
            messages,
            octets));
    for (MailSystem system : List.of(ours, theirs)) {
      long begin = System.nanoTime();
      Appends.run(() -> system.login(account), FILLING_SESSIONS, messages, octets);
      double rate = messages * 1e9 / (System.nanoTime() - begin);
      table.note("APPEND, " + FILLING_SESSIONS + " sessions, " + system.name(), rate, "/s");
    }
    try (ImapWire our = ours.login(account);
        ImapWire their = theirs.login(account)) {
      our.run("SELECT INBOX");
      their.run("SELECT INBOX");
      InTurn inTurn = new InTurn(table, ours.name(), theirs.name());
      for (String command : COMMANDS) {
        inTurn.compare(command, messages, our, their);
      }
    }
  }
}
