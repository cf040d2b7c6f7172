/**
 * Starts and stops the server: the program, its modules, its subcommands.
 *
 * <p>In: a command line. Out: a running server, an exit status. Callers: the launcher. It may use
 * everything; nobody uses it. It alone reads the wall clock.
 */
@NullMarked
package dev.postrider.server.main;

import org.jspecify.annotations.NullMarked;
