/**
 * What the operator wrote, as checked values.
 *
 * <p>In: one TOML file and POSTRIDER_ variables. Out: {@link ServerConfig}, or one line per mistake
 * with file, line, key and remedy. Callers: every package of the server, for its settings.
 */
@NullMarked
package dev.postrider.server.config;

import org.jspecify.annotations.NullMarked;
