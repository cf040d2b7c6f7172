package dev.postrider.storage.accounts;

/** Number of an account, from 1, never used twice. */
public record AccountId(long value) {}
