/**
 * Carries queued messages to the next server, and tells senders what became of them.
 *
 * <p>In: claimed queue entries. Out: settlements, DSNs through intake. Callers: main starts it.
 * Threads: one virtual thread per destination at work. RFC 5321 section 5, RFC 3464.
 */
@NullMarked
package dev.postrider.server.relay;

import org.jspecify.annotations.NullMarked;
