package dev.postrider.server.net;

/** What a handshake agreed on, such as "TLSv1.3" and "TLS_AES_256_GCM_SHA384". */
public record TlsFacts(String protocol, String cipherSuite) {}
