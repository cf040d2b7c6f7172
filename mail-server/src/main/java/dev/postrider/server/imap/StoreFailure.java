package dev.postrider.server.imap;

import dev.postrider.protocol.imap.ImapReply;
import dev.postrider.protocol.imap.ResponseCode;
import dev.postrider.storage.StoreException;

/**
 * What a client is told when the store does not do what it was asked. No UNAVAILABLE and no ALERT:
 * Thunderbird shows both in a window that has to be clicked away. RFC 5530 section 3.
 *
 * @param reply for the client
 * @param operatorsBusiness whether somebody must look after the server
 * @param endsSession whether nothing can follow
 */
record StoreFailure(ImapReply reply, boolean operatorsBusiness, boolean endsSession) {

  static StoreFailure of(StoreException.Kind kind) {
    return switch (kind) {
      case NOT_FOUND ->
          harmless(ImapReply.no(ResponseCode.NONEXISTENT, "No such mailbox or message"));
      case EXISTS ->
          harmless(
              ImapReply.no(ResponseCode.ALREADY_EXISTS, "A mailbox of that name exists already"));
      case REFUSED ->
          harmless(
              ImapReply.no(
                  ResponseCode.CANNOT, "Name, number or size beyond what is allowed here"));
      case OVER_QUOTA ->
          harmless(ImapReply.no(ResponseCode.OVER_QUOTA, "The owner may not store so much"));
      case NO_SPACE ->
          serious(
              ImapReply.no(ResponseCode.OVER_QUOTA, "No room on the server now; try again later"));
      case CORRUPT ->
          serious(ImapReply.no(ResponseCode.SERVER_BUG, "The message is damaged on the server"));
      case UNAVAILABLE ->
          serious(
              ImapReply.no(ResponseCode.UNAVAILABLE, "The mail store does not answer; try again"));
      case UNUSABLE -> serious(ImapReply.no(ResponseCode.SERVER_BUG, "The store cannot be used"));
      case CLOSED -> new StoreFailure(ImapReply.bye("Server is shutting down"), false, true);
      case FATAL -> new StoreFailure(ImapReply.bye("The server's disk has failed"), true, true);
    };
  }

  private static StoreFailure harmless(ImapReply reply) {
    return new StoreFailure(reply, false, false);
  }

  private static StoreFailure serious(ImapReply reply) {
    return new StoreFailure(reply, true, false);
  }
}
