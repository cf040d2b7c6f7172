/**
 * IMAP sessions.
 *
 * <p>In: a {@code net.Connection}. Out: responses. Callers: net, through its handler. Threads: a
 * session lives on one virtual thread, and while it idles a second one writes. RFC 3501.
 */
@NullMarked
package dev.postrider.server.imap;

import org.jspecify.annotations.NullMarked;
