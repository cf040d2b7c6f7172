/**
 * Judges a message or a client before it is accepted.
 *
 * <p>In: what the session knows. Out: a {@code Verdict}. Callers: smtp. Threads: any.
 */
@NullMarked
package dev.postrider.server.policy;

import org.jspecify.annotations.NullMarked;
