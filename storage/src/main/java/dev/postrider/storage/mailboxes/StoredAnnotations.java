package dev.postrider.storage.mailboxes;

import dev.postrider.protocol.text.Octets;
import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.changes.Commits;
import dev.postrider.storage.changes.Commits.Planned;
import dev.postrider.storage.sql.AccountRows;
import dev.postrider.storage.sql.AnnotationRows;
import dev.postrider.storage.sql.MailboxRows;
import dev.postrider.storage.sql.StructureRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Annotations in the tables. They change while the structure stands, as mailboxes do. */
public final class StoredAnnotations implements Annotations {

  private final Commits commits;
  private final AnnotationRows rows;
  private final MailboxRows mailboxes;
  private final AccountRows accounts;

  public StoredAnnotations(Commits commits, StructureRows structure) {
    this.commits = commits;
    this.rows = structure.annotations();
    this.mailboxes = structure.mailboxes();
    this.accounts = structure.accounts();
  }

  @Override
  public List<Annotation> list(Optional<Mailbox> mailbox, AccountId reader) throws StoreException {
    return rows.list(mailbox.map(Mailbox::id), reader);
  }

  @Override
  public boolean change(
      Optional<Mailbox> mailbox, AccountId reader, Map<String, Optional<Octets>> values)
      throws StoreException {
    for (Optional<Octets> value : values.values()) {
      if (value.isPresent() && value.get().length() > VALUE_OCTETS_MAX) {
        throw new StoreException(Kind.REFUSED, "a value of more than " + VALUE_OCTETS_MAX);
      }
    }
    return commits.whileStructureStands(
        () -> {
          requirePresent(mailbox, reader);
          List<Change> changes = new ArrayList<>();
          Map<AccountId, Long> more = new HashMap<>();
          Map<String, Octets> after = new HashMap<>();
          list(mailbox, reader).forEach(one -> after.put(one.entry(), one.value()));
          for (Map.Entry<String, Optional<Octets>> entry : values.entrySet()) {
            String name = entry.getKey();
            Optional<Octets> value = entry.getValue();
            AccountId account = name.startsWith(SHARED) ? mailbox.orElseThrow().account() : reader;
            Optional<Octets> before = Optional.ofNullable(after.get(name));
            if (before.equals(value)) {
              continue;
            }
            more.merge(account, octets(name, value) - octets(name, before), Long::sum);
            value.ifPresentOrElse(it -> after.put(name, it), () -> after.remove(name));
            changes.add(new Change.Annotated(account, mailbox.map(Mailbox::id), name, value));
          }
          if (isTooMany(after, SHARED) || isTooMany(after, PRIVATE) || isTooMuch(more)) {
            return false;
          }
          return commits.commit((numbers, bodies) -> new Planned<>(changes, true));
        });
  }

  private void requirePresent(Optional<Mailbox> mailbox, AccountId reader) throws StoreException {
    boolean gone = mailbox.isPresent() && mailboxes.find(mailbox.get().id()).isEmpty();
    if (gone || accounts.find(reader).isEmpty()) {
      throw new StoreException(Kind.NOT_FOUND, "mailbox or account does not exist any more");
    }
  }

  private static boolean isTooMany(Map<String, Octets> all, String prefix) {
    return all.keySet().stream().filter(name -> name.startsWith(prefix)).count() > ENTRIES_MAX;
  }

  private boolean isTooMuch(Map<AccountId, Long> more) throws StoreException {
    for (Map.Entry<AccountId, Long> one : more.entrySet()) {
      if (one.getValue() > 0 && rows.octets(one.getKey()) + one.getValue() > ACCOUNT_OCTETS_MAX) {
        return true;
      }
    }
    return false;
  }

  private static long octets(String name, Optional<Octets> value) {
    return value.isPresent() ? name.length() + (long) value.get().length() : 0;
  }
}
