/**
 * Names: MX, addresses, reverse names.
 *
 * <p>In: a domain. Out: records, or why there are none. Callers: relay, policy. Threads: any; a
 * lookup blocks its virtual thread.
 */
@NullMarked
package dev.postrider.server.dns;

import org.jspecify.annotations.NullMarked;
