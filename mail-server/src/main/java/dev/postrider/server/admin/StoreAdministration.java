package dev.postrider.server.admin;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.sasl.ScramHash;
import dev.postrider.server.admin.AdminAnswer.Reason;
import dev.postrider.server.admin.AdminAnswer.Refused;
import dev.postrider.server.admin.AdminAnswer.Rows;
import dev.postrider.server.admin.AdminRequest.Password;
import dev.postrider.server.auth.Credential;
import dev.postrider.storage.Commit;
import dev.postrider.storage.Progress;
import dev.postrider.storage.Store;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.accounts.Account;
import dev.postrider.storage.accounts.Quota;
import dev.postrider.storage.audit.Finding;
import dev.postrider.storage.backup.Backup;
import dev.postrider.storage.collection.Collector.Collected;
import dev.postrider.storage.mailboxes.Recoverable;
import dev.postrider.storage.queue.QueueEntry;
import dev.postrider.storage.queue.QueueId;
import dev.postrider.storage.queue.Settlement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries requests out on the store of this process. */
public final class StoreAdministration implements Administration {

  /** Queue entries that are listed at most; more do not help a person. */
  static final int QUEUE_LISTED_MAX = 10_000;

  private static final Logger log = LoggerFactory.getLogger(StoreAdministration.class);

  private final Store store;
  private final List<String> domains;
  private final Set<ScramHash> scram;
  private final InstantSource clock;
  private final Supplier<Map<String, String>> status;

  /**
   * @param domains whose accounts can be made here
   * @param scram what keys are made for, beside the hash of a password
   * @param status facts about the process, put before those of the store
   */
  public StoreAdministration(
      Store store,
      List<String> domains,
      Set<ScramHash> scram,
      InstantSource clock,
      Supplier<Map<String, String>> status) {
    this.store = store;
    this.domains = List.copyOf(domains);
    this.scram = Set.copyOf(scram);
    this.clock = clock;
    this.status = status;
  }

  @Override
  public AdminAnswer run(AdminRequest request, Progress progress) {
    try {
      return switch (request) {
        case AdminRequest.AddAccount add -> add(add.address(), add.password());
        case AdminRequest.ListAccounts list -> accounts();
        case AdminRequest.ChangePassword change -> change(change.address(), change.password());
        case AdminRequest.ChangeQuota change -> quota(change);
        case AdminRequest.RemoveAccount remove -> remove(remove.address());
        case AdminRequest.ListQueue list -> queue();
        case AdminRequest.RetryQueue retry -> retry(retry.entries());
        case AdminRequest.RemoveQueue remove -> removeEntries(remove.entries());
        case AdminRequest.Undelete undelete -> undelete(undelete);
        case AdminRequest.Verify verify -> verify(progress);
        case AdminRequest.Collect collect -> collect(progress);
        case AdminRequest.Backup backup -> backup(backup.directory(), progress);
        case AdminRequest.Status ask -> status();
      };
    } catch (StoreException failed) {
      log.warn("admin.failed request={} reason={}", nameOf(request), failed.kind(), failed);
      return new Refused(reasonOf(failed.kind()), String.valueOf(failed.getMessage()));
    }
  }

  private AdminAnswer add(MailAddress address, Password password) throws StoreException {
    if (!domains.contains(address.domain())) {
      return new Refused(
          Reason.INVALID,
          "'%s' is not one of the domains here (%s); add it to 'domains' in the configuration"
              .formatted(address.domain(), String.join(", ", domains)));
    }
    if (tooShortOrLong(password)) {
      return passwordRule();
    }
    if (store.accounts().find(address).isPresent()) {
      return new Refused(
          Reason.EXISTS, "the account %s exists already; see 'account passwd'".formatted(address));
    }
    store.accounts().create(address, credentialOf(password));
    log.info("admin.account-added account={}", address);
    return rows(Map.of("address", address.toString()));
  }

  private AdminAnswer accounts() throws StoreException {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Account account : store.accounts().list()) {
      rows.add(QuotaRow.of(account, store.quotas()));
    }
    return new Rows(rows);
  }

  private AdminAnswer change(MailAddress address, Password password) throws StoreException {
    if (tooShortOrLong(password)) {
      return passwordRule();
    }
    var account = store.accounts().find(address);
    if (account.isEmpty()) {
      return noAccount(address);
    }
    store.accounts().changeCredential(account.get().id(), credentialOf(password));
    log.info("admin.password-changed account={}", address);
    return rows(Map.of("address", address.toString()));
  }

  private AdminAnswer quota(AdminRequest.ChangeQuota change) throws StoreException {
    var account = store.accounts().find(change.address());
    if (account.isEmpty()) {
      return noAccount(change.address());
    }
    Quota wanted = change.changed(account.get().quota());
    if (!wanted.equals(account.get().quota())) {
      store.quotas().change(account.get().id(), wanted);
      log.info("admin.quota-changed account={} quota={}", change.address(), wanted);
    }
    var changed = store.accounts().find(change.address());
    return changed.isEmpty()
        ? noAccount(change.address())
        : rows(QuotaRow.of(changed.get(), store.quotas()));
  }

  private AdminAnswer remove(MailAddress address) throws StoreException {
    var account = store.accounts().find(address);
    if (account.isEmpty()) {
      return noAccount(address);
    }
    store.accounts().remove(account.get().id());
    log.info("admin.account-removed account={}", address);
    return rows(Map.of("address", address.toString()));
  }

  private AdminAnswer queue() throws StoreException {
    return new Rows(
        store.queue().list(QUEUE_LISTED_MAX).stream().map(StoreAdministration::row).toList());
  }

  private AdminAnswer retry(List<QueueId> wanted) throws StoreException {
    Instant now = clock.instant();
    List<Map<String, String>> rows = new ArrayList<>();
    List<QueueId> entries =
        wanted.isEmpty()
            ? store.queue().list(QUEUE_LISTED_MAX).stream().map(QueueEntry::id).toList()
            : wanted;
    for (QueueId entry : entries) {
      if (store.queue().find(entry).isPresent()) {
        store.queue().reschedule(entry, now);
        rows.add(Map.of("id", Long.toString(entry.value())));
      } else if (!wanted.isEmpty()) {
        return noEntry(entry);
      }
    }
    log.info("admin.queue-retried entries={}", rows.size());
    return new Rows(rows);
  }

  private AdminAnswer removeEntries(List<QueueId> entries) throws StoreException {
    List<Settlement> settlements = new ArrayList<>();
    for (QueueId entry : entries) {
      if (store.queue().find(entry).isEmpty()) {
        return noEntry(entry);
      }
      settlements.add(new Settlement.Done(entry));
    }
    store.commit(new Commit(List.of(), settlements));
    log.info("admin.queue-removed entries={}", entries.size());
    return new Rows(
        entries.stream().map(entry -> Map.of("id", Long.toString(entry.value()))).toList());
  }

  private AdminAnswer undelete(AdminRequest.Undelete request) throws StoreException {
    var account = store.accounts().find(request.address());
    if (account.isEmpty()) {
      return noAccount(request.address());
    }
    Recoverable.Wanted wanted =
        new Recoverable.Wanted(
            account.get().id(), request.mailbox(), request.since().orElse(Instant.EPOCH));
    List<Recoverable.Found> found =
        request.dryRun() ? store.recoverable().find(wanted) : store.recoverable().restore(wanted);
    if (!request.dryRun()) {
      log.info(
          "admin.undeleted account={} messages={}",
          request.address(),
          found.stream().mapToLong(Recoverable.Found::messages).sum());
    }
    return new Rows(found.stream().map(StoreAdministration::row).toList());
  }

  private static Map<String, String> row(Recoverable.Found found) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("mailbox", found.mailbox());
    row.put("messages", Integer.toString(found.messages()));
    row.put("octets", Long.toString(found.octets()));
    row.put("mailbox-was", found.gone() ? "deleted" : "there");
    return row;
  }

  private AdminAnswer verify(Progress progress) throws StoreException {
    List<Finding> findings = store.maintenance().verify(progress);
    log.info("admin.verified findings={}", findings.size());
    return new Rows(findings.stream().map(StoreAdministration::row).toList());
  }

  private AdminAnswer collect(Progress progress) throws StoreException {
    Collected collected = store.maintenance().collect(progress);
    Map<String, String> row = new LinkedHashMap<>();
    row.put("segments", Integer.toString(collected.segments()));
    row.put("freed", Long.toString(collected.octetsFreed()));
    row.put("moved", Long.toString(collected.octetsMoved()));
    return rows(row);
  }

  private AdminAnswer backup(Path directory, Progress progress) throws StoreException {
    Backup.Written written = store.maintenance().backup(directory, progress);
    log.info("admin.backed-up directory={} octets={}", directory, written.octets());
    Map<String, String> row = new LinkedHashMap<>();
    row.put("directory", directory.toString());
    row.put("segments", Integer.toString(written.segments()));
    row.put("octets", Long.toString(written.octets()));
    row.put("sequence", Long.toString(written.end().sequence()));
    return rows(row);
  }

  /** A finding, for people and programs. */
  public static Map<String, String> row(Finding finding) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("file", finding.file());
    row.put("offset", finding.offset() < 0 ? "" : Long.toString(finding.offset()));
    row.put("what", finding.what());
    row.put("remedy", finding.remedy());
    row.put("line", finding.line());
    return row;
  }

  private AdminAnswer status() throws StoreException {
    Map<String, String> row = new LinkedHashMap<>(status.get());
    row.put("accounts", Integer.toString(store.accounts().list().size()));
    row.put("queue", Integer.toString(store.queue().size()));
    return rows(row);
  }

  private static Map<String, String> row(QueueEntry entry) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("id", Long.toString(entry.id().value()));
    row.put("sender", entry.sender().map(MailAddress::toString).orElse("<>"));
    row.put("recipient", entry.recipient().toString());
    row.put("octets", Long.toString(entry.octets()));
    row.put("queued", entry.queuedAt().toString());
    row.put("next", entry.nextAttempt().toString());
    row.put("attempts", Integer.toString(entry.attempts()));
    row.put("trace", entry.traceId());
    row.put("reply", entry.lastReply());
    return row;
  }

  private String credentialOf(Password password) {
    return Credential.create(password.value().getBytes(StandardCharsets.UTF_8), scram);
  }

  private static Rows rows(Map<String, String> row) {
    return new Rows(List.of(row));
  }

  private static boolean tooShortOrLong(Password password) {
    int length = password.value().length();
    return length < Password.LENGTH_MIN || length > Password.LENGTH_MAX;
  }

  private static Refused passwordRule() {
    return new Refused(
        Reason.INVALID,
        "the password must have "
            + Password.LENGTH_MIN
            + " to "
            + Password.LENGTH_MAX
            + " characters");
  }

  private static Refused noAccount(MailAddress address) {
    return new Refused(
        Reason.NOT_FOUND, "there is no account %s; see 'account list'".formatted(address));
  }

  private static Refused noEntry(QueueId entry) {
    return new Refused(
        Reason.NOT_FOUND,
        "there is no queue entry %d (any more); see 'queue list'".formatted(entry.value()));
  }

  private static String nameOf(AdminRequest request) {
    return request.getClass().getSimpleName();
  }

  private static Reason reasonOf(StoreException.Kind kind) {
    return switch (kind) {
      case NOT_FOUND -> Reason.NOT_FOUND;
      case EXISTS -> Reason.EXISTS;
      case REFUSED, OVER_QUOTA -> Reason.INVALID;
      case NO_SPACE, CLOSED, UNAVAILABLE -> Reason.TEMPORARY;
      case CORRUPT, UNUSABLE, FATAL -> Reason.FAILED;
    };
  }
}
