package dev.postrider.client.session;

import dev.postrider.client.MailFailure;
import java.io.InputStream;

/** A message that can be looked into, wherever it lies. Streams are closed by who opened them. */
public interface MessageContent {

  Headers headers() throws MailFailure;

  /** The structure; its {@link MessagePart#id()}s are good for {@link #open}. */
  MessagePart structure() throws MailFailure;

  /** The content of a part that is no multipart, its transfer encoding undone. */
  InputStream open(MessagePart part) throws MailFailure;

  /** The whole message as it lies there. */
  InputStream raw() throws MailFailure;
}
