/**
 * A real S3 server for tests: S3Mock, which the build copies from Maven Central.
 *
 * <p>In: nothing. Out: its address, and empty buckets. Callers: tests. Threads: any.
 */
@NullMarked
package dev.postrider.testkit.objects;

import org.jspecify.annotations.NullMarked;
