/**
 * Mail of one account into and out of Maildirs and mboxes.
 *
 * <p>In: a directory or file of the operator's, or an account. Out: the same mail on the other
 * side, and what became of it. {@link AccountMail} is the account's side: {@link StoredMail} in the
 * process that has the store open, {@link RemoteMail} through the control socket of one that runs.
 * {@link MailTree} is the file system's side. {@link Importer} and {@link Exporter} stand between
 * the two and never hold more than one batch of messages and the names of one folder.
 *
 * <p>Callers: main, and for the other end of the socket admin. Threads: one transfer belongs to one
 * thread. RFC 4155 for mbox.
 */
@NullMarked
package dev.postrider.server.transfer;

import org.jspecify.annotations.NullMarked;
