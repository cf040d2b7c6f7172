package dev.postrider.storage.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpoolTest {

  @TempDir Path directory;

  @Test
  void smallMessageTouchesNoDisk() throws Exception {
    DiskSpool spool = new DiskSpool(directory, UnaryOperator.identity());
    try (Spool.Spooled message = spool.begin()) {
      byte[] bytes = bytes(Spool.MEMORY_OCTETS_MAX);
      write(message, bytes, 1000);
      assertThat(directory).isEmptyDirectory();
      assertThat(message.octets()).isEqualTo(bytes.length);
      assertThat(message.open().readAllBytes()).isEqualTo(bytes);
      assertThat(message.open().readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void largeMessageIsInAFileUntilItIsClosed() throws Exception {
    DiskSpool spool = new DiskSpool(directory, UnaryOperator.identity());
    try (Spool.Spooled message = spool.begin();
        Spool.Spooled other = spool.begin()) {
      byte[] bytes = bytes(Spool.MEMORY_OCTETS_MAX + 1);
      write(message, bytes, 4096);
      write(other, bytes, bytes.length);
      assertThat(directory).isDirectoryContaining(Files::isRegularFile);
      assertThat(message.octets()).isEqualTo(bytes.length);
      try (var in = message.open()) {
        assertThat(in.readAllBytes()).isEqualTo(bytes);
      }
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void messagesBehindOneAnotherAreReadAsRanges() throws Exception {
    DiskSpool spool = new DiskSpool(directory, UnaryOperator.identity());
    for (int octets : new int[] {1000, Spool.MEMORY_OCTETS_MAX + 1000}) {
      try (Spool.Spooled all = spool.begin()) {
        byte[] bytes = bytes(octets);
        write(all, bytes, 4096);
        for (int from : new int[] {0, 1, 500, octets - 10, octets}) {
          int length = Math.min(300, octets - from);
          MessageSource range = all.range(from, length);
          assertThat(range.octets()).isEqualTo(length);
          try (var in = range.open()) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, from, from + length));
          }
          try (var in = range.open()) {
            assertThat(in.read()).isEqualTo(length == 0 ? -1 : bytes[from] & 0xff);
          }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> all.range(octets - 1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> all.range(-1, 2));
      }
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void leftoversGoAtTheNextStart() throws Exception {
    Files.writeString(directory.resolve("5.tmp"), "left over");
    assertThat(new DiskSpool(directory, UnaryOperator.identity())).isNotNull();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void closedMessageIsNotReadable() throws Exception {
    Spool.Spooled message = new DiskSpool(directory, UnaryOperator.identity()).begin();
    write(message, bytes(10), 10);
    message.close();
    message.close();
    assertThatIOException().isThrownBy(message::open);
    assertThatIOException().isThrownBy(() -> message.out().write(1));
  }

  @Test
  void fullDiskAtAnyWriteFailsTheMessageAndLeavesNoFile() throws Exception {
    int[] room = {Integer.MAX_VALUE};
    DiskSpool spool = new DiskSpool(directory, file -> full(file, room));
    byte[] bytes = bytes(2 * Spool.MEMORY_OCTETS_MAX);
    for (int writes = 0; writes < 64; writes++) {
      room[0] = writes;
      try (Spool.Spooled message = spool.begin()) {
        assertThatIOException()
            .isThrownBy(() -> write(message, bytes, 4096))
            .withMessage("No space left on device");
      }
      assertThat(directory).isEmptyDirectory();
      room[0] = Integer.MAX_VALUE;
      try (Spool.Spooled message = spool.begin()) {
        write(message, bytes, 4096);
        assertThat(message.open().readAllBytes()).isEqualTo(bytes);
      }
    }
  }

  /** {@code room}: writes that still go through. */
  private static OutputStream full(OutputStream file, int[] room) {
    return new FilterOutputStream(file) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (room[0]-- <= 0) {
          throw new IOException("No space left on device");
        }
        out.write(bytes, offset, length);
      }
    };
  }

  private static byte[] bytes(int octets) {
    byte[] bytes = new byte[octets];
    new Random(octets).nextBytes(bytes);
    return bytes;
  }

  private static void write(Spool.Spooled message, byte[] bytes, int piece) throws Exception {
    OutputStream out = message.out();
    for (int at = 0; at < bytes.length; at += piece) {
      out.write(bytes, at, Math.min(piece, bytes.length - at));
    }
  }
}
