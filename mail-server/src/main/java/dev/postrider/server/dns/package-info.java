/**
 * Names: MX and addresses.
 *
 * <p>In: a domain. Out: records, or why there are none. Callers: relay, policy. Threads: any; a
 * lookup blocks its virtual thread. RFC 5321 section 5.1, RFC 7505.
 */
@NullMarked
package dev.postrider.server.dns;

import org.jspecify.annotations.NullMarked;
