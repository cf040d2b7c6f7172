/**
 * The mail client: what every part of it shares, namely how a failure is told and which exit code
 * it has.
 *
 * <p>In: nothing. Out: {@link MailFailure}, {@link ExitCode}. Callers: all packages of the client.
 * Threads: values, any thread.
 */
@NullMarked
package dev.postrider.client;

import org.jspecify.annotations.NullMarked;
