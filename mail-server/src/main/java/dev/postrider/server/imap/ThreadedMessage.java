package dev.postrider.server.imap;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a message is threaded by. RFC 5256 section 3, THREAD.
 *
 * @param id message identifier; empty where there is none that can be used
 * @param references message identifiers of what it answers, the nearest last
 * @param subject the base subject
 * @param isReply whether its subject says that it is a reply or was forwarded
 */
record ThreadedMessage(
    Optional<String> id, List<String> references, String subject, boolean isReply, Instant sent) {}
