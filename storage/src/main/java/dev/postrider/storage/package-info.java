/**
 * The store: a data directory that one process has open, or a database that several servers share.
 *
 * <p>In: commits of deliveries, appends, flag changes and queue outcomes. Out: the same, durable,
 * and a signal to whoever waits for a mailbox or the queue. Callers: the mail server. Threads:
 * every method may be called from any thread, virtual ones too; nobody may interrupt a thread that
 * is in here, as an interrupt closes the file channel under it.
 */
@NullMarked
package dev.postrider.storage;

import org.jspecify.annotations.NullMarked;
