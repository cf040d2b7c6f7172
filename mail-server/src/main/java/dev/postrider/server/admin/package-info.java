/**
 * What an operator does: accounts, queue. The same use cases whether the server runs or not.
 *
 * <p>In: commands of the control socket or of the program. Out: results. Callers: main. Threads:
 * any.
 */
@NullMarked
package dev.postrider.server.admin;

import org.jspecify.annotations.NullMarked;
