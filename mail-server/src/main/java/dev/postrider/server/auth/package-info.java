/**
 * Who may log in.
 *
 * <p>In: a name and a password, from where. Out: an account, or why not. Callers: smtp, imap.
 * Threads: any; hashing is bounded, so that a flood of logins cannot take all cores. RFC 4954, RFC
 * 4616.
 */
@NullMarked
package dev.postrider.server.auth;

import org.jspecify.annotations.NullMarked;
