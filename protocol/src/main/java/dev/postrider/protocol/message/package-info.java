/**
 * Messages: their parts, and reports about them.
 *
 * <p>In: values. Out: octets of messages. Callers: server and client. Threads: any, nothing here
 * has state. RFC 5322, RFC 2045, RFC 3464.
 */
@NullMarked
package dev.postrider.protocol.message;

import org.jspecify.annotations.NullMarked;
