/**
 * An SMTP server that does what a test says, also what no server should.
 *
 * <p>In: rules. Out: connections served, messages received. Callers: tests. Threads: one virtual
 * thread per connection. RFC 5321.
 */
@NullMarked
package dev.postrider.testkit.smtp;

import org.jspecify.annotations.NullMarked;
