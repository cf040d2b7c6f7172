/**
 * The client's half of SCRAM, written a second time, so that a mistake of ours is not made twice
 * alike.
 *
 * <p>In: what a server says. Out: what a client answers. Callers: tests of all modules. Threads: an
 * exchange belongs to one thread. RFC 5802, RFC 7677.
 */
@NullMarked
package dev.postrider.testkit.sasl;

import org.jspecify.annotations.NullMarked;
