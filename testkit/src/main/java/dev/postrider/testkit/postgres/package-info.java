/**
 * A real PostgreSQL for tests, from the programs that Debian installs.
 *
 * <p>In: nothing. Out: servers on free ports of 127.0.0.1, and empty databases in them. Callers:
 * tests. Threads: any.
 */
@NullMarked
package dev.postrider.testkit.postgres;

import org.jspecify.annotations.NullMarked;
