/**
 * Time that tests set.
 *
 * <p>In: instants. Out: {@link FakeClock}. Callers: tests. Threads: any.
 */
@NullMarked
package dev.postrider.testkit.time;

import org.jspecify.annotations.NullMarked;
