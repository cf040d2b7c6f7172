/**
 * Listeners and connections: channels, TLS, limits, timeouts. The only package that knows how
 * octets travel.
 *
 * <p>In: accepted channels. Out: {@link Connection} to a session. Callers: smtp, imap. Threads: one
 * virtual thread per connection runs its session from the first octet to the last.
 */
@NullMarked
package dev.postrider.server.net;

import org.jspecify.annotations.NullMarked;
