package dev.postrider.integration.peers;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerPackageTest {

  @TempDir Path root;

  @Test
  void namesInOneLineWhatIsMissingAndHowToGetIt() throws Exception {
    add("usr/lib/postfix/sbin/master");
    assertThatThrownBy(() -> PeerPackage.requireAll(root))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "dovecot-imapd, dovecot-lmtpd missing; on Debian 12:"
                + " apt-get install --no-install-recommends postfix dovecot-imapd dovecot-lmtpd");
  }

  @Test
  void isContentWithAll() throws Exception {
    add("usr/lib/postfix/sbin/master");
    add("usr/lib/dovecot/imap");
    add("usr/lib/dovecot/lmtp");
    assertThatCode(() -> PeerPackage.requireAll(root)).doesNotThrowAnyException();
  }

  private void add(String program) throws Exception {
    Path file = root.resolve(program);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }
}
