/**
 * Measurements of the packaged programs, as ratios to something measured in the same run.
 *
 * <p>In: a command line. Out: a table on stdout. Callers: a person, with the command of
 * docs/testing.md. Nothing here is a test: no figure fails a build.
 */
@NullMarked
package dev.postrider.integration.bench;

import org.jspecify.annotations.NullMarked;
