/**
 * Who may log in.
 *
 * <p>In: a name and a password, or what a client writes in one of the mechanisms of SASL, from
 * where. Out: an account, or why not. Callers: smtp, imap. Threads: any; hashing is bounded, so
 * that a flood of logins cannot take all cores. RFC 4422, RFC 4616, RFC 4954, RFC 5802, RFC 7677.
 */
@NullMarked
package dev.postrider.server.auth;

import org.jspecify.annotations.NullMarked;
