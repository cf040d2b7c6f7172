package dev.postrider.server.net;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates of clients, and of authorities below it. */
public final class TestAuthority {

  private static final Duration YEAR = Duration.ofDays(365);

  /** What a certificate says of its holder. */
  public record Holder(
      String commonName, List<String> emails, Optional<KeyPurposeId> purpose, Instant until) {

    /** With the purpose of clients, for a year. */
    public static Holder of(String commonName, String... emails) {
      return new Holder(
          commonName,
          List.of(emails),
          Optional.of(KeyPurposeId.id_kp_clientAuth),
          Instant.now().plus(YEAR));
    }

    public Holder with(KeyPurposeId other) {
      return new Holder(commonName, emails, Optional.of(other), until);
    }

    public Holder until(Instant end) {
      return new Holder(commonName, emails, purpose, end);
    }
  }

  private final KeyPair pair;
  private final X509Certificate certificate;
  private final List<X509Certificate> above;

  private TestAuthority(KeyPair pair, X509Certificate certificate, List<X509Certificate> above) {
    this.pair = pair;
    this.certificate = certificate;
    this.above = above;
  }

  public static TestAuthority root(String name) throws Exception {
    KeyPair pair = pair();
    return new TestAuthority(pair, authority(name, pair, name, pair), List.of());
  }

  public TestAuthority below(String name) throws Exception {
    KeyPair own = pair();
    X509Certificate signed =
        authority(name, own, certificate.getSubjectX500Principal().getName().substring(3), pair);
    return new TestAuthority(own, signed, List.of(signed));
  }

  /** Writes its certificate as PEM. */
  public Path write(Path file) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate);
    }
    return Files.writeString(file, text.toString());
  }

  /** What a client shows that has such a certificate. */
  public KeyManager[] keys(Holder holder) throws Exception {
    KeyPair own = pair();
    JcaX509v3CertificateBuilder builder =
        builder(
            holder.commonName(),
            own,
            certificate.getSubjectX500Principal().getName().substring(3),
            holder.until());
    if (!holder.emails().isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              holder.emails().stream()
                  .map(email -> new GeneralName(GeneralName.rfc822Name, email))
                  .toArray(GeneralName[]::new)));
    }
    if (holder.purpose().isPresent()) {
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(holder.purpose().get()));
    }
    X509Certificate[] chain = new X509Certificate[1 + above.size()];
    chain[0] = sign(builder, pair);
    for (int i = 0; i < above.size(); i++) {
      chain[i + 1] = above.get(i);
    }
    char[] none = new char[0];
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, none);
    store.setKeyEntry("client", own.getPrivate(), none, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, none);
    return Arrays.stream(factory.getKeyManagers()).map(Stubborn::of).toArray(KeyManager[]::new);
  }

  private static X509Certificate authority(String name, KeyPair own, String signer, KeyPair signing)
      throws Exception {
    JcaX509v3CertificateBuilder builder = builder(name, own, signer, Instant.now().plus(YEAR));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    return sign(builder, signing);
  }

  private static JcaX509v3CertificateBuilder builder(
      String name, KeyPair own, String signer, Instant until) {
    return new JcaX509v3CertificateBuilder(
        new X500Name("CN=" + signer),
        BigInteger.valueOf(System.nanoTime()),
        Date.from(Instant.now().minus(YEAR)),
        Date.from(until),
        new X500Name("CN=" + name),
        own.getPublic());
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair signing)
      throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate())));
  }

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }
}
