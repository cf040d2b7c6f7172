package dev.postrider.server.config;

import dev.postrider.server.config.Format.Unfit;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The keys of {@code [auth.oauth]}, as a part of {@link ConfigKeys}. */
final class OAuthKeys {

  private static final String OAUTH = "auth.oauth";

  /** Over http only to this machine: a token that is overheard lets others in. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(https://(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)"
              + "|http://(127\\.0\\.0\\.1|\\[::1\\]|localhost))(:[0-9]{1,5})?"
              + "(/[A-Za-z0-9._~%!$&'()*+,;=:@/-]*)?(\\?[A-Za-z0-9._~%!$&'()*+,;=:@/?-]*)?");

  /** RFC 6749 section 3.3: without quotes and backslash. */
  private static final Pattern SCOPE = Pattern.compile("[!#-\\[\\]-~]{1,200}");

  private static final Pattern TEXT = Pattern.compile("[ !#-\\[\\]-~]{1,500}");

  private OAuthKeys() {}

  static final ConfigKey<String> ISSUER =
      ConfigKey.unset(
          OAUTH,
          "issuer",
          Format.quoted("text", OAuthKeys::text),
          "must be given with keys",
          "\"https://login.example.org\"",
          "Issuer that a token must name (\"iss\"), letter by letter. With an https address,"
              + " clients are told that /.well-known/openid-configuration below it says how to get"
              + " a token.");

  static final ConfigKey<List<String>> AUDIENCE =
      ConfigKey.unset(
          OAUTH,
          "audience",
          Formats.listOf(Format.quoted("text", OAuthKeys::text)),
          "must be given with keys; without them, whatever the issuer calls active is good",
          "[\"mail\"]",
          "Audiences of which a token must name one (\"aud\"): a token for another service is none"
              + " for this one.");

  static final ConfigKey<URI> JWKS_URL =
      ConfigKey.unset(
          OAUTH,
          "jwks_url",
          Format.quoted("https address", OAuthKeys::address),
          "tokens are not looked at by keys",
          "\"https://login.example.org/keys\"",
          "Where the keys of the issuer are (RFC 7517). Tokens signed by RS256, PS256, ES256 and"
              + " their longer kin, and by EdDSA, are checked by them. They are asked for once an"
              + " hour, and at most once a minute when a token names a key that is not known.");

  static final ConfigKey<Path> JWKS_FILE =
      ConfigKey.unset(
          OAUTH,
          "jwks_file",
          Formats.PATH,
          "as for jwks_url",
          "\"/etc/postrider/issuer-keys.json\"",
          "The same as a file, in the place of the address.");

  static final ConfigKey<URI> INTROSPECTION_URL =
      ConfigKey.unset(
          OAUTH,
          "introspection_url",
          Format.quoted("https address", OAuthKeys::address),
          "nobody is asked",
          "\"https://login.example.org/introspect\"",
          "Whom to ask about a token (RFC 7662): every token without keys, and those that are no"
              + " JWT with them.");

  static final ConfigKey<String> CLIENT_ID =
      ConfigKey.unset(
          OAUTH,
          "client_id",
          Format.quoted("text", OAuthKeys::text),
          "must be given with introspection_url",
          "\"postrider\"",
          "Who is asking.");

  static final ConfigKey<String> CLIENT_SECRET =
      ConfigKey.unset(
          OAUTH,
          "client_secret",
          Format.quoted("password", text -> text),
          "must be given with introspection_url",
          "\"…\"",
          "Password of who is asking. Better kept in a file of its own, or in the variable.");

  static final ConfigKey<Path> CLIENT_SECRET_FILE =
      ConfigKey.unset(
          OAUTH,
          "client_secret_file",
          Formats.PATH,
          "as for client_secret",
          "\"/etc/postrider/oauth-secret\"",
          "File with that password in its first line.");

  static final ConfigKey<String> ACCOUNT_CLAIM =
      ConfigKey.of(
          OAUTH,
          "account_claim",
          Format.quoted("text", OAuthKeys::text),
          "email",
          "\"email\"",
          "Under which name a token, or the answer about it, has the address of the account. Of"
              + " \"email\" only an address that the issuer does not call unverified.");

  static final ConfigKey<String> SCOPE_KEY =
      ConfigKey.unset(
          OAUTH,
          "scope",
          Format.quoted("scope", OAuthKeys::scope),
          "none is wanted",
          "\"mail\"",
          "Scope that a token must have. Clients whose token is not good are told of it.");

  static final List<ConfigKey<?>> ALL =
      List.of(
          ISSUER,
          AUDIENCE,
          JWKS_URL,
          JWKS_FILE,
          INTROSPECTION_URL,
          CLIENT_ID,
          CLIENT_SECRET,
          CLIENT_SECRET_FILE,
          ACCOUNT_CLAIM,
          SCOPE_KEY);

  private static String text(String text) throws Unfit {
    if (!TEXT.matcher(text).matches()) {
      throw new Unfit("'" + text + "' is empty, too long, or has a quote in it");
    }
    return text;
  }

  private static String scope(String text) throws Unfit {
    if (!SCOPE.matcher(text).matches()) {
      throw new Unfit("'" + text + "' is no scope; write one word");
    }
    return text;
  }

  private static URI address(String text) throws Unfit {
    if (!ADDRESS.matcher(text).matches()) {
      throw new Unfit(
          "'"
              + text
              + "' is no address that can be asked; write https://…, or http:// to this"
              + " machine");
    }
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new Unfit("'" + text + "' is no address: " + e.getMessage());
    }
  }
}
