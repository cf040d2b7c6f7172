package dev.postrider.client.session;

/** Angus's switches for mail that breaks the rules: mail is read as far as it can be. */
public final class LenientParsing {
  private static final String[] ON = {
    "mail.mime.base64.ignoreerrors",
    "mail.mime.multipart.ignoremissingendboundary",
    "mail.mime.multipart.ignoremissingboundaryparameter",
    "mail.mime.multipart.allowempty",
    "mail.mime.allowencodedmessages",
    "mail.mime.uudecode.ignoreerrors",
    "mail.mime.ignoreunknownencoding",
    "mail.mime.ignoremultipartencoding",
    "mail.mime.encodeparameters",
    "mail.mime.decodeparameters",
  };
  private static final String[] OFF = {
    "mail.mime.address.strict", "mail.mime.decodetext.strict", "mail.mime.parameters.strict",
  };

  private LenientParsing() {}

  /** Must run before the first Jakarta Mail class is loaded: most are read once, by that. */
  public static void install() {
    for (String name : ON) {
      System.setProperty(name, "true");
    }
    for (String name : OFF) {
      System.setProperty(name, "false");
    }
  }
}
