package dev.postrider.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** A certificate chain, leaf first, with the leaf's key, as read from PEM files. */
record KeyPairFiles(List<X509Certificate> chain, PrivateKey key) {

  KeyPairFiles {
    chain = List.copyOf(chain);
  }

  /** Reads and checks both; every failure names the file and the remedy in one line. */
  static KeyPairFiles read(Path certificateFile, Path keyFile, Instant now)
      throws TlsConfigException {
    List<X509Certificate> chain = readChain(certificateFile);
    PrivateKey key = readKey(keyFile);
    X509Certificate leaf = chain.getFirst();
    requireMatch(leaf, key, certificateFile, keyFile);
    if (now.isAfter(leaf.getNotAfter().toInstant())) {
      throw new TlsConfigException(
          certificateFile
              + ": the certificate expired on "
              + leaf.getNotAfter().toInstant()
              + "; put a renewed one there");
    }
    if (now.isBefore(leaf.getNotBefore().toInstant())) {
      throw new TlsConfigException(
          certificateFile
              + ": the certificate is not valid before "
              + leaf.getNotBefore().toInstant()
              + "; is the clock of this machine right?");
    }
    return new KeyPairFiles(chain, key);
  }

  private static List<X509Certificate> readChain(Path file) throws TlsConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw new TlsConfigException(file + ": holds no certificate in PEM form");
      }
      return chain;
    } catch (CertificateException e) {
      throw new TlsConfigException(file + ": holds no certificate that can be read", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static PrivateKey readKey(Path file) throws TlsConfigException {
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
        PEMParser parser = new PEMParser(text)) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        if (object instanceof PKCS8EncryptedPrivateKeyInfo
            || object instanceof PEMEncryptedKeyPair) {
          throw new TlsConfigException(
              file + ": the key has a passphrase; remove it with \"openssl pkey\"");
        }
        if (object instanceof PEMKeyPair pair) {
          return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (object instanceof PrivateKeyInfo info) {
          return new JcaPEMKeyConverter().getPrivateKey(info);
        }
      }
      throw new TlsConfigException(file + ": holds no private key in PEM form");
    } catch (PEMException | IllegalArgumentException e) {
      throw new TlsConfigException(file + ": holds no private key that can be read", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static TlsConfigException unreadable(Path file, IOException cause) {
    String why = cause instanceof NoSuchFileException ? "there is no such file" : cause.toString();
    return new TlsConfigException(file + ": " + why, cause);
  }

  /** That the key is the certificate's is shown by a signature that the certificate verifies. */
  private static void requireMatch(
      X509Certificate leaf, PrivateKey key, Path certificateFile, Path keyFile)
      throws TlsConfigException {
    byte[] sample = "postrider".getBytes(StandardCharsets.US_ASCII);
    boolean match;
    try {
      Signature signature = Signature.getInstance(signatureAlgorithm(leaf.getPublicKey()));
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(leaf.getPublicKey());
      signature.update(sample);
      match = signature.verify(signed);
    } catch (GeneralSecurityException e) {
      match = false;
    }
    if (!match) {
      throw new TlsConfigException(
          keyFile + ": is not the key of the first certificate in " + certificateFile);
    }
  }

  private static String signatureAlgorithm(PublicKey key) {
    if (key instanceof RSAPublicKey) {
      return "SHA256withRSA";
    }
    return key.getAlgorithm().startsWith("Ed") ? key.getAlgorithm() : "SHA256withECDSA";
  }
}
