package dev.postrider.server.config;

import java.nio.file.Path;
import java.util.Optional;

/** PEM files of the certificate chain and its key; empty: a self-signed pair is made. */
public record TlsConfig(Optional<Path> certificate, Optional<Path> key) {}
