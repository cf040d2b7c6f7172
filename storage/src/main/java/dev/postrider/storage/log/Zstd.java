package dev.postrider.storage.log;

import io.airlift.compress.v3.zstd.ZstdCompressor;
import io.airlift.compress.v3.zstd.ZstdDecompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import io.airlift.compress.v3.zstd.ZstdNativeCompressor;
import io.airlift.compress.v3.zstd.ZstdNativeDecompressor;
import java.io.IOException;
import java.util.Arrays;

/** zstd (RFC 8878), by the C library where that can be used: it is three times as fast. */
public final class Zstd {

  private static final boolean NATIVE = ZstdNativeCompressor.isEnabled();

  private Zstd() {}

  /** Thread: one. */
  static ZstdCompressor compressor() {
    return NATIVE ? new ZstdNativeCompressor() : new ZstdJavaCompressor();
  }

  /** Thread: one. */
  static ZstdDecompressor decompressor() {
    return NATIVE ? new ZstdNativeDecompressor() : new ZstdJavaDecompressor();
  }

  public static byte[] pack(byte[] plain) {
    ZstdCompressor zstd = compressor();
    byte[] packed = new byte[zstd.maxCompressedLength(plain.length)];
    return Arrays.copyOf(packed, zstd.compress(plain, 0, plain.length, packed, 0, packed.length));
  }

  /**
   * The opposite.
   *
   * @param octets how many there have to be
   * @throws IOException when {@code packed} is damaged, or holds more or less
   */
  public static byte[] unpack(byte[] packed, int octets) throws IOException {
    byte[] plain = new byte[octets];
    int count;
    try {
      count = decompressor().decompress(packed, 0, packed.length, plain, 0, octets);
    } catch (RuntimeException e) {
      throw new IOException("it cannot be unpacked: " + e.getMessage(), e);
    }
    if (count != octets) {
      throw new IOException("it has " + count + " octets, not " + octets);
    }
    return plain;
  }
}
