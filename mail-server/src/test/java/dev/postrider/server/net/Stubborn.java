package dev.postrider.server.net;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509ExtendedKeyManager;

/** Shows the one certificate it has to whoever asks for any, whatever authorities are wanted. */
final class Stubborn extends X509ExtendedKeyManager {

  private static final String ALIAS = "client";

  private final X509ExtendedKeyManager keys;

  private Stubborn(X509ExtendedKeyManager keys) {
    this.keys = keys;
  }

  static KeyManager of(KeyManager keys) {
    return new Stubborn((X509ExtendedKeyManager) keys);
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return ALIAS;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return keys.getCertificateChain(ALIAS);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return keys.getPrivateKey(ALIAS);
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return new String[0];
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    throw new UnsupportedOperationException("a client");
  }
}
