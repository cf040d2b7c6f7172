/**
 * Mail for tests: any number of messages, the same ones for the same seed.
 *
 * <p>In: a seed and a number. Out: messages with CRLF, or a Maildir of them. Callers: tests and
 * benchmarks. Threads: any; a generator has no state. RFC 5322, RFC 2045, RFC 2047, RFC 2231.
 */
@NullMarked
package dev.postrider.testkit.mail;

import org.jspecify.annotations.NullMarked;
