package dev.postrider.client.cli;

import dev.postrider.client.ExitCode;
import dev.postrider.client.MailFailure;
import dev.postrider.client.session.FileMessage;
import dev.postrider.client.session.MessageContent;
import dev.postrider.client.session.SelectedFolder;
import dev.postrider.client.session.ServerMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A message from the server, ready to be looked into. When the server cannot describe its
 * structure, or describes it in a way that cannot be read, the whole message is fetched into a file
 * and parsed here.
 */
final class Opened {
  private Opened() {}

  static MessageContent message(SelectedFolder folder, long uid) throws MailFailure {
    ServerMessage message = folder.message(uid);
    if (message.hasStructure()) {
      return message;
    }
    try {
      Path file = Files.createTempFile("postrider", ".eml");
      try (InputStream raw = message.raw()) {
        Files.copy(raw, file, StandardCopyOption.REPLACE_EXISTING);
      }
      return FileMessage.temporary(file);
    } catch (ServerMessage.BrokenFetch e) {
      throw e.failure();
    } catch (IOException e) {
      throw new MailFailure(ExitCode.IO, "cannot keep the message: " + e.getMessage()).causedBy(e);
    }
  }

  /** Removes what {@link #message} may have put into a file. */
  static void close(MessageContent message) throws IOException {
    if (message instanceof FileMessage file) {
      file.close();
    }
  }
}
