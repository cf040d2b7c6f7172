/**
 * The packaged programs, run as an operator runs them: a child process, a data directory, a
 * configuration file.
 *
 * <p>In: domains, routes, settings. Out: a server that is ready, on free loopback ports. Callers:
 * whole-system tests and benchmarks. Threads: one test at a time uses an instance; its output is
 * drained by a thread of its own.
 */
@NullMarked
package dev.postrider.integration.server;

import org.jspecify.annotations.NullMarked;
