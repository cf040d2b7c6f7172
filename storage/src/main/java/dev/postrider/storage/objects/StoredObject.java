package dev.postrider.storage.objects;

import java.time.Instant;

/**
 * An object that is there.
 *
 * @param modified when it was put, by the clock of the service, to a second
 */
public record StoredObject(String key, long octets, Instant modified) {}
