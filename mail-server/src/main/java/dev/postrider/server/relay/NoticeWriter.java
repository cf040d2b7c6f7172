package dev.postrider.server.relay;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.message.DeliveryStatusNotification;
import dev.postrider.protocol.message.DeliveryStatusNotification.Action;
import dev.postrider.protocol.message.DeliveryStatusNotification.DeliveryStatus;
import dev.postrider.protocol.message.DeliveryStatusNotification.RecipientStatus;
import dev.postrider.storage.queue.QueueEntry;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Writes what a sender is told about recipients that could not be served. RFC 3464. */
final class NoticeWriter {

  private static final DateTimeFormatter FOR_PEOPLE =
      DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final int RANDOM_OCTETS = 12;

  private final String hostname;
  private final RandomGenerator random;

  /**
   * @param random makes Message-IDs and MIME boundaries that nobody can guess
   */
  NoticeWriter(String hostname, RandomGenerator random) {
    this.hostname = hostname;
    this.random = random;
  }

  /**
   * One recipient's part.
   *
   * @param retryUntil of a delayed one: when it is given up; empty: it has failed
   */
  record Report(QueueEntry entry, Diagnosis diagnosis, Optional<Instant> retryUntil) {
    boolean failed() {
      return retryUntil.isEmpty();
    }

    /** RFC 3464 section 2.3.4: a failure has a status of class 5, a delay one of class 4. */
    String status() {
      return (failed() ? "5" : "4") + diagnosis.status().substring(1);
    }
  }

  /**
   * @param reports of one message with a sender; at least one
   * @param headers of the message, one char per octet
   */
  DeliveryStatusNotification write(
      MailAddress sender, List<Report> reports, String headers, Instant now) {
    String token = token();
    return new DeliveryStatusNotification(
        hostname,
        sender,
        subject(reports),
        now,
        "dsn." + token + "@" + hostname,
        "=_postrider." + token(),
        text(reports),
        new DeliveryStatus(
            hostname,
            Optional.of(reports.getFirst().entry().queuedAt()),
            reports.stream().map(report -> status(report, now)).toList()),
        headers);
  }

  private String token() {
    byte[] octets = new byte[RANDOM_OCTETS];
    random.nextBytes(octets);
    return HexFormat.of().formatHex(octets);
  }

  private static String subject(List<Report> reports) {
    return reports.stream().anyMatch(Report::failed)
        ? "Your message could not be delivered"
        : "Your message is delayed; we keep trying";
  }

  private static RecipientStatus status(Report report, Instant now) {
    return new RecipientStatus(
        report.entry().recipient(),
        report.failed() ? Action.FAILED : Action.DELAYED,
        report.status(),
        report.diagnosis().host(),
        report.diagnosis().host().isPresent() ? "smtp" : "x-postrider",
        report.diagnosis().text(),
        Optional.of(now),
        report.retryUntil());
  }

  private String text(List<Report> reports) {
    StringBuilder text = new StringBuilder();
    text.append("This is the mail server ").append(hostname).append(".\n");
    List<Report> failed = reports.stream().filter(Report::failed).toList();
    List<Report> delayed = reports.stream().filter(report -> !report.failed()).toList();
    if (!failed.isEmpty()) {
      text.append("\nYour message of ")
          .append(FOR_PEOPLE.format(failed.getFirst().entry().queuedAt()))
          .append("\nCOULD NOT BE DELIVERED to:\n");
      failed.forEach(report -> recipient(text, report, advice(report.diagnosis())));
      text.append("\nNothing more will be tried for ")
          .append(failed.size() == 1 ? "this recipient" : "these recipients")
          .append(".\n");
    }
    if (!delayed.isEmpty()) {
      text.append("\nYour message of ")
          .append(FOR_PEOPLE.format(delayed.getFirst().entry().queuedAt()))
          .append("\nhas NOT YET been delivered to:\n");
      delayed.forEach(
          report ->
              recipient(
                  text,
                  report,
                  "This server keeps trying until "
                      + report.retryUntil().map(FOR_PEOPLE::format).orElseThrow()
                      + ".\n    You need not send the message again."));
    }
    text.append("\nThe headers of your message are attached, and a report for programs.\n");
    return text.toString();
  }

  private static void recipient(StringBuilder text, Report report, String advice) {
    Diagnosis diagnosis = report.diagnosis();
    text.append("\n  <").append(report.entry().recipient()).append(">\n\n");
    text.append(
        diagnosis
            .host()
            .map(host -> "    The server " + host + " said:\n    " + diagnosis.text() + "\n")
            .orElse("    " + diagnosis.text() + "\n"));
    if (report.entry().attempts() > 0) {
      text.append("    ").append(report.entry().attempts() + 1).append(" attempts were made.\n");
    }
    text.append("\n    ").append(advice).append("\n");
  }

  /** What the sender can do about a failure, by the subject of its status. RFC 3463 section 3. */
  private static String advice(Diagnosis diagnosis) {
    if (diagnosis.status().startsWith("4")) {
      return "The other side may have a lasting fault. Send the message again later, or reach the"
          + "\n    recipient in another way.";
    }
    return switch (subjectOf(diagnosis.status())) {
      case "1" ->
          "Check the address for mistakes. If it is right, ask the recipient for a new one.";
      case "2" ->
          "The recipient's mailbox does not take mail now. Tell the recipient in another way.";
      case "3" ->
          "The other server does not take such a message. If it is large, send less, or a link.";
      case "4" -> "Check what stands after the @ of the address for mistakes.";
      case "6" ->
          "The other server cannot handle the form of the message. Send it as plain text, or as"
              + "\n    an attachment.";
      case "7" ->
          "The other side's rules refuse the message. Its words above may say why; its postmaster"
              + "\n    can tell more.";
      default -> "The words above may say why; the postmaster of the other side can tell more.";
    };
  }

  private static String subjectOf(String status) {
    return status.split("\\.", 3)[1];
  }
}
