/**
 * Mail servers of other people, from Debian's packages, as private instances: configuration, mail
 * and queue below one directory, free ports on 127.0.0.1. What the packages may have started for
 * the machine is left alone.
 *
 * <p>In: a directory, ports of the next hop. Out: a server that is ready. Callers: benchmarks.
 * Threads: one at a time uses an instance. They must be started by root, as everywhere.
 */
@NullMarked
package dev.postrider.integration.peers;

import org.jspecify.annotations.NullMarked;
