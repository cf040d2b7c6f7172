package dev.postrider.server.http;

import java.util.Map;

/**
 * How the server is.
 *
 * @param healthy whether mail is accepted and kept
 * @param facts for a person, in their order
 */
public record Health(boolean healthy, Map<String, String> facts) {}
