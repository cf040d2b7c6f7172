/**
 * The one door: every message that is accepted comes through here.
 *
 * <p>In: an envelope and a message. Out: what was stored and queued, in one commit, or a refusal.
 * Callers: smtp, relay (for DSNs), admin. Threads: any.
 */
@NullMarked
package dev.postrider.server.intake;

import org.jspecify.annotations.NullMarked;
