package dev.postrider.server.admin;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.server.admin.AdminAnswer.Reason;
import dev.postrider.server.admin.AdminAnswer.Refused;
import dev.postrider.server.admin.AdminAnswer.Rows;
import dev.postrider.server.admin.AdminRequest.Password;
import dev.postrider.storage.Progress;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.queue.QueueId;
import java.net.ProtocolException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Requests and answers as messages of the control socket. */
final class ControlCodec {

  private static final String OK = "ok";
  private static final String REFUSED = "refused";
  private static final String TRANSFER = "transfer";
  private static final String PROGRESS = "progress";

  private ControlCodec() {}

  static ControlMessage encode(AdminRequest request) {
    return switch (request) {
      case AdminRequest.AddAccount add ->
          message("account-add", account(add.address(), add.password()));
      case AdminRequest.ListAccounts list -> message("account-list");
      case AdminRequest.ChangePassword change ->
          message("account-passwd", account(change.address(), change.password()));
      case AdminRequest.RemoveAccount remove ->
          message("account-remove", Map.of("address", remove.address().toString()));
      case AdminRequest.ChangeQuota change -> quota(change);
      case AdminRequest.ListQueue list -> message("queue-list");
      case AdminRequest.RetryQueue retry -> entries("queue-retry", retry.entries());
      case AdminRequest.RemoveQueue remove -> entries("queue-remove", remove.entries());
      case AdminRequest.Undelete undelete -> undelete(undelete);
      case AdminRequest.Verify verify -> message("verify");
      case AdminRequest.Collect collect -> message("collect");
      case AdminRequest.Backup backup ->
          message("backup", Map.of("directory", backup.directory().toString()));
      case AdminRequest.Status status -> message("status");
    };
  }

  static AdminRequest decodeRequest(ControlMessage message) throws ProtocolException {
    return switch (message.word()) {
      case "account-add" -> new AdminRequest.AddAccount(address(message), password(message));
      case "account-list" -> new AdminRequest.ListAccounts();
      case "account-passwd" -> new AdminRequest.ChangePassword(address(message), password(message));
      case "account-remove" -> new AdminRequest.RemoveAccount(address(message));
      case "account-quota" -> quota(message);
      case "queue-list" -> new AdminRequest.ListQueue();
      case "queue-retry" -> new AdminRequest.RetryQueue(entries(message));
      case "queue-remove" -> new AdminRequest.RemoveQueue(entries(message));
      case "undelete" -> undelete(message);
      case "backup" -> new AdminRequest.Backup(Path.of(field(message, "directory")));
      case "collect" -> new AdminRequest.Collect();
      case "verify" -> new AdminRequest.Verify();
      case "status" -> new AdminRequest.Status();
      default -> throw new ProtocolException("the request '" + message.word() + "' is not known");
    };
  }

  static ControlMessage encode(TransferRequest request) {
    return message(
        TRANSFER,
        Map.of(
            "address", request.account().toString(),
            "filing", Boolean.toString(request.filing()),
            "dry-run", Boolean.toString(request.dryRun())));
  }

  /** Whether the connection is to become a transfer, which {@link #decodeRequest} does not know. */
  static boolean isTransfer(ControlMessage message) {
    return message.word().equals(TRANSFER);
  }

  static TransferRequest decodeTransfer(ControlMessage message) throws ProtocolException {
    return new TransferRequest(
        address(message),
        Boolean.parseBoolean(field(message, "filing")),
        Boolean.parseBoolean(field(message, "dry-run")));
  }

  static ControlMessage encode(AdminAnswer answer) {
    return switch (answer) {
      case Rows rows -> new ControlMessage(OK, rows.rows());
      case Refused refused ->
          message(REFUSED, Map.of("reason", refused.reason().name(), "text", refused.text()));
    };
  }

  /** Goes before the answer, any number of times. */
  static ControlMessage progress(String what, long done, long total) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("what", what);
    row.put("done", Long.toString(done));
    row.put("total", Long.toString(total));
    return message(PROGRESS, row);
  }

  static boolean isProgress(ControlMessage message) {
    return message.word().equals(PROGRESS);
  }

  static void tell(ControlMessage message, Progress progress) throws ProtocolException {
    try {
      progress.at(
          field(message, "what"),
          Long.parseLong(field(message, "done")),
          Long.parseLong(field(message, "total")));
    } catch (NumberFormatException notANumber) {
      throw new ProtocolException("the progress is none");
    } catch (StoreException stop) {
      throw new ProtocolException(stop.getMessage());
    }
  }

  static AdminAnswer decodeAnswer(ControlMessage message) throws ProtocolException {
    return switch (message.word()) {
      case OK -> new Rows(message.rows());
      case REFUSED -> new Refused(reason(field(message, "reason")), field(message, "text"));
      default -> throw new ProtocolException("the answer '" + message.word() + "' is not known");
    };
  }

  private static ControlMessage message(String word) {
    return new ControlMessage(word, List.of());
  }

  private static ControlMessage message(String word, Map<String, String> row) {
    return new ControlMessage(word, List.of(row));
  }

  private static ControlMessage entries(String word, List<QueueId> entries) {
    return new ControlMessage(
        word, entries.stream().map(entry -> Map.of("id", Long.toString(entry.value()))).toList());
  }

  private static Map<String, String> account(MailAddress address, Password password) {
    return Map.of("address", address.toString(), "password", password.value());
  }

  private static ControlMessage quota(AdminRequest.ChangeQuota change) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("address", change.address().toString());
    change.octets().ifPresent(number -> row.put("storage", Long.toString(number)));
    change.messages().ifPresent(number -> row.put("messages", Long.toString(number)));
    change.mailboxes().ifPresent(number -> row.put("mailboxes", Long.toString(number)));
    return message("account-quota", row);
  }

  private static AdminRequest quota(ControlMessage message) throws ProtocolException {
    return new AdminRequest.ChangeQuota(
        address(message),
        limit(message, "storage"),
        limit(message, "messages"),
        limit(message, "mailboxes"));
  }

  private static OptionalLong limit(ControlMessage message, String name) throws ProtocolException {
    String text = message.rows().getFirst().get(name);
    try {
      OptionalLong limit =
          text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
      if (limit.orElse(Quota.NONE) < Quota.UNSET) {
        throw new ProtocolException("the limit is below 0");
      }
      return limit;
    } catch (NumberFormatException notANumber) {
      throw new ProtocolException("the limit is none");
    }
  }

  private static ControlMessage undelete(AdminRequest.Undelete undelete) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("address", undelete.address().toString());
    undelete.mailbox().ifPresent(name -> row.put("mailbox", name));
    undelete.since().ifPresent(since -> row.put("since", since.toString()));
    row.put("dry-run", Boolean.toString(undelete.dryRun()));
    return message("undelete", row);
  }

  private static AdminRequest undelete(ControlMessage message) throws ProtocolException {
    Map<String, String> row = message.rows().size() == 1 ? message.rows().getFirst() : Map.of();
    Optional<String> since = Optional.ofNullable(row.get("since"));
    try {
      return new AdminRequest.Undelete(
          address(message),
          Optional.ofNullable(row.get("mailbox")),
          since.map(Instant::parse),
          field(message, "dry-run").equals("true"));
    } catch (DateTimeParseException wrong) {
      throw new ProtocolException("the time is none");
    }
  }

  private static String field(ControlMessage message, String name) throws ProtocolException {
    String value = message.rows().size() == 1 ? message.rows().getFirst().get(name) : null;
    if (value == null) {
      throw new ProtocolException("the field '" + name + "' is missing");
    }
    return value;
  }

  private static MailAddress address(ControlMessage message) throws ProtocolException {
    return MailAddress.parse(field(message, "address"))
        .orElseThrow(() -> new ProtocolException("the address is none"));
  }

  private static Password password(ControlMessage message) throws ProtocolException {
    return new Password(field(message, "password"));
  }

  private static List<QueueId> entries(ControlMessage message) throws ProtocolException {
    List<QueueId> entries = new ArrayList<>();
    for (Map<String, String> row : message.rows()) {
      try {
        entries.add(new QueueId(Long.parseLong(row.getOrDefault("id", ""))));
      } catch (NumberFormatException notANumber) {
        throw new ProtocolException("the number of a queue entry is none");
      }
    }
    return entries;
  }

  private static Reason reason(String name) throws ProtocolException {
    for (Reason reason : Reason.values()) {
      if (reason.name().equals(name)) {
        return reason;
      }
    }
    throw new ProtocolException("the reason '" + name + "' is not known");
  }
}
