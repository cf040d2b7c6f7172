package dev.postrider.integration.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the disk can do at most for durable deliveries: threads append records to one file, and one
 * thread forces it for all that wait. No protocol, no index: nobody who acknowledges after the
 * force can be faster on this disk with so many waiting threads.
 */
final class DiskYardstick {

  private final FileChannel file;
  private final byte[] record;
  private final Object lock = new Object();
  private long appended;
  private long durable;
  private boolean forcing;

  private DiskYardstick(FileChannel file, int octets) {
    this.file = file;
    this.record = new byte[octets];
    new Random(1).nextBytes(record);
  }

  /** Durable records per second with {@code threads} waiting threads. */
  static double measure(Path directory, int threads, int octets, Duration time)
      throws IOException, InterruptedException {
    Path path = directory.resolve("yardstick");
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      return new DiskYardstick(file, octets).run(threads, time);
    } finally {
      Files.delete(path);
    }
  }

  private double run(int threads, Duration time) throws InterruptedException {
    AtomicLong done = new AtomicLong();
    long begin = System.nanoTime();
    long end = begin + time.toNanos();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (System.nanoTime() < end) {
                      writeDurably();
                      done.incrementAndGet();
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    return done.get() * 1e9 / (System.nanoTime() - begin);
  }

  private void writeDurably() {
    try {
      long mine;
      synchronized (lock) {
        file.write(ByteBuffer.wrap(record), appended * record.length);
        mine = ++appended;
        while (forcing && durable < mine) {
          lock.wait();
        }
        if (durable >= mine) {
          return;
        }
        forcing = true;
        mine = appended;
      }
      file.force(false);
      synchronized (lock) {
        durable = mine;
        forcing = false;
        lock.notifyAll();
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the yardstick failed", e);
    }
  }
}
