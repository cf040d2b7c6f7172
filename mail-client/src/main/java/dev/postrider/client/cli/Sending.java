package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.accounts.Account;
import dev.postrider.client.compose.OutgoingMessage;
import dev.postrider.client.render.JsonObject;
import dev.postrider.client.render.ProgressBar;
import dev.postrider.client.session.Connector;
import dev.postrider.client.session.Delivery;
import dev.postrider.client.session.Envelope;
import dev.postrider.client.session.Folders;
import dev.postrider.client.session.ImapConnection;
import dev.postrider.client.session.MessageBytes;
import dev.postrider.client.session.SpecialFolder;
import dev.postrider.client.session.Submission;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The way out, for {@code send}, {@code reply} and {@code forward}: hand the message in, keep a
 * copy, tell what became of it. A copy that cannot be kept is a warning: the message is on its way,
 * and an error would make scripts send it twice.
 */
final class Sending {

  @Option(names = "--no-save", description = "Keeps no copy in the Sent folder.")
  boolean noSave;

  @Option(
      names = "--dry-run",
      description = "Writes the message to standard output instead of sending it.")
  boolean dryRun;

  /** A directory for the message's file that nobody else can read. */
  static Path workDirectory() throws IOException {
    return Files.createTempDirectory("postrider");
  }

  /** Where the copy went. */
  private record Copy(Optional<String> folder, Optional<Long> uid, Optional<String> warning) {
    static final Copy NONE = new Copy(Optional.empty(), Optional.empty(), Optional.empty());

    static Copy failed(String warning) {
      return new Copy(Optional.empty(), Optional.empty(), Optional.of(warning));
    }
  }

  ExitCode send(Verb verb, String name, Account account, OutgoingMessage message)
      throws MailFailure, IOException {
    if (dryRun) {
      message.copy().writeTo(verb.out());
      return ExitCode.OK;
    }
    Connector connector = verb.connector(account);
    Delivery delivery = deliver(verb, connector, message);
    Copy copy = noSave || !account.saveSent() ? Copy.NONE : keep(verb, connector, message);
    copy.warning().ifPresent(verb::note);
    if (verb.json()) {
      verb.print(json(name, account, message, delivery, copy));
    } else {
      tell(verb, message, delivery);
    }
    if (delivery.refused().isEmpty()) {
      return ExitCode.OK;
    }
    boolean later = delivery.refused().stream().allMatch(Delivery.Refusal::isTemporary);
    return later ? ExitCode.TEMPORARY : ExitCode.NO_USER;
  }

  private static Delivery deliver(Verb verb, Connector connector, OutgoingMessage message)
      throws MailFailure {
    Envelope envelope = message.envelope();
    MessageBytes wire = message.wire();
    try (Submission smtp = connector.smtp(envelope.needsUtf8());
        ProgressBar bar = verb.progress("Sending", wire.size())) {
      return smtp.send(envelope, counted(wire, bar), message.eightBit());
    }
  }

  private static Copy keep(Verb verb, Connector connector, OutgoingMessage message) {
    Account account = connector.account();
    try (ImapConnection imap = connector.imap();
        ProgressBar bar = verb.progress("Saving a copy", message.copy().size())) {
      Folders folders = imap.folders();
      Optional<String> sent = folders.special(SpecialFolder.SENT, account);
      if (sent.isEmpty()) {
        return Copy.failed(
            "postrider: the message is sent, but the account has no Sent folder for a copy\n"
                + "  make one with: postrider folder create Sent");
      }
      var uid =
          folders.append(
              sent.get(), counted(message.copy(), bar), true, verb.terminal().clock().instant());
      return new Copy(
          sent,
          uid.isPresent() ? Optional.of(uid.getAsLong()) : Optional.empty(),
          Optional.empty());
    } catch (MailFailure e) {
      return Copy.failed("postrider: the message is sent, but no copy was kept: " + e.text());
    }
  }

  private static MessageBytes counted(MessageBytes message, ProgressBar bar) {
    return new MessageBytes() {
      @Override
      public long size() {
        return message.size();
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        message.writeTo(new Counted(out, bar));
      }
    };
  }

  private static void tell(Verb verb, OutgoingMessage message, Delivery delivery) {
    verb.note("Sent to " + String.join(", ", delivery.accepted()) + ".");
    for (Delivery.Refusal refusal : delivery.refused()) {
      verb.terminal()
          .err()
          .println(
              "postrider: refused: "
                  + dev.postrider.client.render.SafeText.line(
                      refusal.address() + ": " + refusal.text()));
    }
    verb.out().println(message.headers().first("Message-ID").orElse(""));
  }

  private static JsonObject json(
      String name, Account account, OutgoingMessage message, Delivery delivery, Copy copy) {
    List<JsonObject> refused =
        delivery.refused().stream()
            .map(
                r ->
                    new JsonObject()
                        .put("address", r.address())
                        .put("replyCode", r.code())
                        .put("reply", r.text())
                        .put("temporary", r.isTemporary()))
            .toList();
    return JsonObject.ofSchema(name)
        .put("account", account.name())
        .put("messageId", message.headers().first("Message-ID"))
        .put("from", message.envelope().from())
        .put("accepted", delivery.accepted())
        .put("refused", refused)
        .put("reply", delivery.reply())
        .put("size", message.wire().size())
        .put("savedIn", copy.folder())
        .put("savedUid", copy.uid())
        .put("warning", copy.warning());
  }

  private static final class Counted extends FilterOutputStream {
    private final ProgressBar bar;

    Counted(OutputStream out, ProgressBar bar) {
      super(out);
      this.bar = bar;
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
      out.write(octets, from, length);
      bar.advance(length);
    }
  }
}
