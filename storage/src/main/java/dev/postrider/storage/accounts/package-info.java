/**
 * Who has mail here.
 *
 * <p>In: addresses and credentials. Out: {@link Account}. Callers: auth, intake, admin. Threads:
 * any.
 */
@NullMarked
package dev.postrider.storage.accounts;

import org.jspecify.annotations.NullMarked;
