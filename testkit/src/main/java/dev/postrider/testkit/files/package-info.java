/**
 * Directories of tests.
 *
 * <p>In: paths. Out: {@link FileTree}. Callers: tests, benchmarks. Threads: any.
 */
@NullMarked
package dev.postrider.testkit.files;

import org.jspecify.annotations.NullMarked;
