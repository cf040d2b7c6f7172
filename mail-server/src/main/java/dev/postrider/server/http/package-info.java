/**
 * Health over HTTP.
 *
 * <p>In: GET. Out: status. Callers: main starts it. Threads: virtual ones of the JDK's server.
 */
@NullMarked
package dev.postrider.server.http;

import org.jspecify.annotations.NullMarked;
