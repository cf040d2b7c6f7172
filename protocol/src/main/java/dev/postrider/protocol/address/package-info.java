/**
 * Mailbox addresses and domains as SMTP writes them.
 *
 * <p>In: text of a path or header. Out: immutable values. Callers: everybody. Threads: any, nothing
 * here has state. RFC 5321 section 4.1.2, RFC 6531 section 3.3.
 */
@NullMarked
package dev.postrider.protocol.address;

import org.jspecify.annotations.NullMarked;
