package dev.postrider.client.session;

/** Counts of a folder, as STATUS gives them; -1 where the server said nothing. */
public record FolderStatus(long messages, long unseen, long uidNext, long uidValidity) {}
