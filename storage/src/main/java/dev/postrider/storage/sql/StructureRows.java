package dev.postrider.storage.sql;

/** What reads accounts, mailboxes, and what there is of mailboxes beside their messages. */
public record StructureRows(
    AccountRows accounts, MailboxRows mailboxes, SharingRows sharing, AnnotationRows annotations) {

  public static StructureRows of(Database database) {
    return new StructureRows(
        new AccountRows(database),
        new MailboxRows(database),
        new SharingRows(database),
        new AnnotationRows(database));
  }
}
