package dev.postrider.storage.queue;

/** Number of a queue entry, from 1, never used twice. */
public record QueueId(long value) {}
