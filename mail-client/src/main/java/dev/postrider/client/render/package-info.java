/**
 * Making things readable: message bodies as text, tables, JSON, progress, colours.
 *
 * <p>In: values of {@code session}. Out: strings and streams for a terminal or a program. Callers:
 * cli, compose. Threads: stateless, or used by one thread. Everything that comes from a message
 * passes through {@link SafeText} before a terminal sees it.
 */
@NullMarked
package dev.postrider.client.render;

import org.jspecify.annotations.NullMarked;
