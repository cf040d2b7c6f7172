package dev.postrider.storage.sql;

import dev.postrider.storage.accounts.AccountId;
import dev.postrider.storage.changes.Change;
import dev.postrider.storage.mailboxes.MailboxId;
import java.sql.SQLException;

/** Writes what there is of a mailbox beside its messages: access lists and annotations. */
final class MailboxNotes {

  private final ChangeRows rows;
  private final ChangeTexts texts;

  MailboxNotes(ChangeRows rows, ChangeTexts texts) {
    this.rows = rows;
    this.texts = texts;
  }

  void changeAccess(Change.AccessChanged changed) throws SQLException {
    long mailbox = changed.mailbox().value();
    long grantee = SharingRows.key(changed.grantee());
    boolean negative = changed.grantee().negative();
    if (changed.rights().isEmpty()) {
      rows.run(
          "delete from mailbox_right where mailbox = ? and grantee = ? and negative = ?",
          mailbox,
          grantee,
          negative);
    } else {
      rows.run(texts.mailboxRight(), mailbox, grantee, negative, changed.rights().letters());
    }
  }

  void annotate(Change.Annotated annotated) throws SQLException {
    long mailbox = AnnotationRows.key(annotated.mailbox());
    long account = annotated.account().value();
    if (annotated.value().isPresent()) {
      byte[] content = annotated.value().get().toByteArray();
      rows.run(texts.annotation(), mailbox, account, annotated.entry(), content);
    } else {
      rows.run(
          "delete from annotation where mailbox = ? and account = ? and entry = ?",
          mailbox,
          account,
          annotated.entry());
    }
  }

  void forget(MailboxId mailbox) throws SQLException {
    rows.run("delete from mailbox_right where mailbox = ?", mailbox.value());
    rows.run("delete from annotation where mailbox = ?", mailbox.value());
  }

  void forget(AccountId account) throws SQLException {
    rows.run("delete from mailbox_right where grantee = ?", account.value());
    rows.run("delete from annotation where account = ?", account.value());
  }
}
