/**
 * The command line, {@code postrider}: one class per verb.
 *
 * <p>In: arguments, standard input, the environment. Out: results on standard output, everything
 * else on standard error, an exit code of sysexits.h. Callers: the launcher. Threads: one; {@code
 * watch} has a second for its timer. Each verb builds what it needs from {@code accounts}, {@code
 * session}, {@code compose} and {@code render}; nothing here talks to a socket.
 */
@NullMarked
package dev.postrider.client.cli;

import org.jspecify.annotations.NullMarked;
