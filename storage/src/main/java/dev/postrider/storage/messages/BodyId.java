package dev.postrider.storage.messages;

/** Number of stored message bytes; several mailboxes and queue entries may share them. */
public record BodyId(long value) {}
