package dev.postrider.server.imap;

import dev.postrider.server.auth.Authenticator;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.storage.Store;
import java.time.InstantSource;

/** What all sessions share. */
record ImapServices(
    ServerConfig config, Store store, Authenticator authenticator, InstantSource clock) {}
