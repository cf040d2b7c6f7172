package dev.postrider.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Makes tokens, shows its keys at {@code /keys}, and answers at {@code /introspect} what it is told
 * to. Signatures are the JDK's, so that a mistake of the library is not made twice.
 */
public final class TestIssuer implements AutoCloseable {

  /** Answers a question. */
  public interface Page {
    /** Gets the body of the question. */
    String answer(String question) throws Exception;
  }

  private final HttpServer server;
  private final Map<String, KeyPair> keys = new LinkedHashMap<>();

  /** How often its keys were asked for. */
  public final AtomicInteger keysAsked = new AtomicInteger();

  /** What it says of a token. */
  public volatile Page introspection = question -> "{\"active\":false}";

  /** What it says at /keys. */
  public volatile Page keysPage = question -> jwks();

  public volatile int status = 200;
  public volatile String authorization = "";

  public TestIssuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/keys",
        exchange -> {
          keysAsked.incrementAndGet();
          answer(exchange, keysPage);
        });
    server.createContext("/introspect", exchange -> answer(exchange, introspection));
    server.start();
  }

  public URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void answer(HttpExchange exchange, Page page) throws IOException {
    try (exchange) {
      String question = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      byte[] body = page.answer(question).getBytes(UTF_8);
      exchange.getResponseHeaders().add("Location", "/introspect");
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** Makes a key; {@code algorithm}: RS256, ES256 or EdDSA. */
  public synchronized void addKey(String kid, String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator =
        switch (algorithm) {
          case "RS256" -> KeyPairGenerator.getInstance("RSA");
          case "ES256" -> KeyPairGenerator.getInstance("EC");
          default -> KeyPairGenerator.getInstance("Ed25519");
        };
    if (algorithm.equals("RS256")) {
      generator.initialize(2048);
    } else if (algorithm.equals("ES256")) {
      generator.initialize(new ECGenParameterSpec("secp256r1"));
    }
    keys.put(kid, generator.generateKeyPair());
  }

  public synchronized void removeKey(String kid) {
    keys.remove(kid);
  }

  /** RFC 7517. */
  public synchronized String jwks() {
    return keys.entrySet().stream()
        .map(entry -> jwk(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  /** A JWS of {@code claims} with any header. RFC 7515 section 5.1. */
  public synchronized String sign(String kid, String header, String claims)
      throws GeneralSecurityException {
    String signed = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    KeyPair pair = keys.get(kid);
    if (pair == null) {
      return signed + ".";
    }
    Signature signature =
        Signature.getInstance(
            switch (pair.getPublic()) {
              case RSAPublicKey rsa -> "SHA256withRSA";
              case ECPublicKey ec -> "SHA256withECDSAinP1363Format";
              default -> "Ed25519";
            });
    signature.initSign(pair.getPrivate());
    signature.update(signed.getBytes(UTF_8));
    return signed + "." + base64(signature.sign());
  }

  /** The same with the usual header. */
  public String sign(String kid, String claims) throws GeneralSecurityException {
    return sign(kid, "{\"alg\":\"" + algorithm(kid) + "\",\"kid\":\"" + kid + "\"}", claims);
  }

  private synchronized String algorithm(String kid) {
    return switch (Objects.requireNonNull(keys.get(kid)).getPublic()) {
      case RSAPublicKey rsa -> "RS256";
      case ECPublicKey ec -> "ES256";
      default -> "EdDSA";
    };
  }

  private static String jwk(String kid, KeyPair pair) {
    String members =
        switch (pair.getPublic()) {
          case RSAPublicKey rsa ->
              "\"kty\":\"RSA\",\"n\":\""
                  + base64(unsigned(rsa.getModulus().toByteArray(), 256))
                  + "\",\"e\":\""
                  + base64(unsigned(rsa.getPublicExponent().toByteArray(), 3))
                  + "\"";
          case ECPublicKey ec ->
              "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
                  + base64(unsigned(ec.getW().getAffineX().toByteArray(), 32))
                  + "\",\"y\":\""
                  + base64(unsigned(ec.getW().getAffineY().toByteArray(), 32))
                  + "\"";
          case EdECPublicKey ed -> {
            byte[] encoded = ed.getEncoded();
            yield "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
                + base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length))
                + "\"";
          }
          default -> throw new IllegalArgumentException();
        };
    return "{\"kid\":\"" + kid + "\",\"use\":\"sig\"," + members + "}";
  }

  private static byte[] unsigned(byte[] number, int octets) {
    byte[] fixed = new byte[octets];
    int count = Math.min(octets, number.length);
    System.arraycopy(number, number.length - count, fixed, octets - count, count);
    return fixed;
  }

  private static String base64(byte[] octets) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
