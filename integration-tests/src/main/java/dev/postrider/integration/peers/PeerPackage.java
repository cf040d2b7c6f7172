package dev.postrider.integration.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A Debian package that a peer comes in. */
enum PeerPackage {
  POSTFIX("postfix", "usr/lib/postfix/sbin/master"),
  DOVECOT_IMAPD("dovecot-imapd", "usr/lib/dovecot/imap"),
  DOVECOT_LMTPD("dovecot-lmtpd", "usr/lib/dovecot/lmtp");

  private final String debianName;
  private final String program;

  /**
   * @param program one that the package brings, below the root of the file system
   */
  PeerPackage(String debianName, String program) {
    this.debianName = debianName;
    this.program = program;
  }

  /**
   * @param root of the file system
   * @throws IllegalStateException naming all that are missing and how to get them
   */
  static void requireAll(Path root) {
    List<PeerPackage> missing =
        Arrays.stream(values()).filter(one -> !Files.exists(root.resolve(one.program))).toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          missing.stream().map(one -> one.debianName).collect(Collectors.joining(", "))
              + " missing; on Debian 12: "
              + installLine());
    }
  }

  static String installLine() {
    return "apt-get install --no-install-recommends "
        + Arrays.stream(values()).map(one -> one.debianName).collect(Collectors.joining(" "));
  }
}
