package dev.postrider.server.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Forces many files to the disk at once. The file system writes its journal once for those that
 * wait together: one after the other takes several times as long, see decision 7.
 */
final class Forcing {

  private static final int THREADS = 16;

  private Forcing() {}

  static void all(List<FileChannel> files) throws IOException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(THREADS, files.size())),
            Thread.ofPlatform().name("export-force").factory())) {
      List<CompletableFuture<Void>> forced =
          files.stream()
              .map(file -> CompletableFuture.runAsync(() -> force(file), threads))
              .toList();
      for (CompletableFuture<Void> each : forced) {
        each.join();
      }
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException failed) {
        throw failed.getCause();
      }
      throw e;
    }
  }

  private static void force(FileChannel file) {
    try {
      file.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
