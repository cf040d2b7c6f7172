package dev.postrider.server.policy;

import dev.postrider.protocol.address.MailAddress;
import dev.postrider.protocol.message.Headers;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A message that has been received and not yet been answered.
 *
 * @param traceId of the transaction, for logs
 * @param client who sent it
 * @param heloName what the client called itself
 * @param sender reverse-path; empty is the null reverse-path
 * @param headers as received, without fields of ours
 */
public record Candidate(
    String traceId,
    InetAddress client,
    String heloName,
    Optional<MailAddress> sender,
    Headers headers) {}
