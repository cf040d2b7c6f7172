package dev.postrider.server.net;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * The pair of certificate and key that the server makes for itself on its first start, so that TLS
 * is there at once. It lies in {@code tls/} of the data directory and is kept, so that a client
 * that was told to trust it goes on doing so.
 */
final class SelfSigned {

  static final String CERTIFICATE_FILE = "self-signed.crt";
  static final String KEY_FILE = "self-signed.key";

  /** Ten years: nobody renews it, and those who need trust put a real certificate in its place. */
  private static final Duration VALIDITY = Duration.ofDays(3650);

  /** A machine whose clock is a little behind must not find the certificate not valid yet. */
  private static final Duration BACKDATED = Duration.ofDays(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private SelfSigned() {}

  /** The pair in {@code directory}, made now if it is not there or has expired. */
  static KeyPairFiles readOrMake(Path directory, String hostname, Instant now)
      throws TlsConfigException {
    Path certificate = directory.resolve(CERTIFICATE_FILE);
    Path key = directory.resolve(KEY_FILE);
    if (!Files.exists(certificate) || !Files.exists(key)) {
      make(directory, hostname, now);
    }
    return KeyPairFiles.read(certificate, key, now);
  }

  private static void make(Path directory, String hostname, Instant now) throws TlsConfigException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      KeyPair pair = generator.generateKeyPair();
      X509CertificateHolder certificate = certify(pair, hostname, now);
      Files.createDirectories(directory);
      // The key first: a certificate without its key is worth nothing.
      write(
          directory.resolve(KEY_FILE),
          pem(new JcaPKCS8Generator(pair.getPrivate(), null).generate()),
          "rw-------");
      write(
          directory.resolve(CERTIFICATE_FILE),
          pem(new PemObject("CERTIFICATE", certificate.getEncoded())),
          "rw-r--r--");
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new TlsConfigException(directory + ": no certificate could be made there: " + e, e);
    }
  }

  private static X509CertificateHolder certify(KeyPair pair, String hostname, Instant now)
      throws IOException, OperatorCreationException {
    X500Name name =
        new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName(hostname)).build();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(127, RANDOM).setBit(126),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(VALIDITY)),
            name,
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(hostname));
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
  }

  /** X.520 allows 64 characters; the whole name is among the alternative names. */
  private static String commonName(String hostname) {
    return hostname.length() > 64 ? hostname.substring(0, 64) : hostname;
  }

  private static GeneralNames alternativeNames(String hostname) {
    Set<String> names = new LinkedHashSet<>(List.of(hostname, "localhost"));
    GeneralName[] all = new GeneralName[names.size() + 2];
    int count = 0;
    for (String name : names) {
      all[count++] = new GeneralName(GeneralName.dNSName, name);
    }
    all[count++] = new GeneralName(GeneralName.iPAddress, "127.0.0.1");
    all[count] = new GeneralName(GeneralName.iPAddress, "::1");
    return new GeneralNames(all);
  }

  private static String pem(PemObject object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  /** The file has its permissions before it has its content, and its content before its name. */
  private static void write(Path file, String text, String permissions) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    Files.writeString(temporary, text, StandardCharsets.US_ASCII);
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
