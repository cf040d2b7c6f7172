/**
 * Accounts: what the configuration file says about servers, trust and passwords, and how a password
 * is had when it is needed.
 *
 * <p>In: {@code config.toml}, the environment. Out: {@link ClientConfig}, {@link Account}, a
 * password. Callers: cli, session. Threads: values and stateless readers, any thread. The wire
 * formats of other programs are read nowhere here.
 */
@NullMarked
package dev.postrider.client.accounts;

import org.jspecify.annotations.NullMarked;
