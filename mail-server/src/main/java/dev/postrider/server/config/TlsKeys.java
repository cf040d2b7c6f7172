package dev.postrider.server.config;

import dev.postrider.server.config.TlsConfig.CertifiedName;
import java.nio.file.Path;

/** The keys of {@code [tls]} that are about clients, as a part of {@link ConfigKeys}. */
final class TlsKeys {

  private static final String TLS = "tls";

  private TlsKeys() {}

  static final ConfigKey<Path> CLIENT_CA =
      ConfigKey.unset(
          TLS,
          "client_ca",
          Formats.PATH,
          "clients are not asked for certificates",
          "\"/etc/postrider/client-ca.pem\"",
          "PEM file with the certificates of authorities whose clients may log in by a certificate"
              + " of their own, without a password (EXTERNAL). Clients are asked for one where"
              + " people log in, and none has to show one.");

  static final ConfigKey<CertifiedName> CLIENT_NAME =
      ConfigKey.of(
          TLS,
          "client_name",
          Formats.choice(CertifiedName.class),
          CertifiedName.EMAIL,
          "\"email\"",
          "What in the certificate of a client is the address of its account. \"email\": each"
              + " rfc822Name among its alternative names. \"common_name\": the common name of its"
              + " subject.");
}
