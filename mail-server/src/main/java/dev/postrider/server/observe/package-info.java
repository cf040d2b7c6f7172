/**
 * What the server tells its operator: log lines and counters.
 *
 * <p>In: typed events. Out: structured lines on stdout. Callers: everybody in the server. Threads:
 * any.
 */
@NullMarked
package dev.postrider.server.observe;

import org.jspecify.annotations.NullMarked;
