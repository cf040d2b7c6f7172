package dev.postrider.storage.messages;

import dev.postrider.storage.StoreException;
import dev.postrider.storage.StoreException.Kind;
import dev.postrider.storage.changes.BodyLocation;
import dev.postrider.storage.changes.Remembered;
import dev.postrider.storage.sql.MessageRows;
import java.util.Map;

/**
 * Where bodies are, as far as somebody has asked: who reads one message reads those that came after
 * it next, mostly. So the tables are asked for the rest of a block of ids at once, and blocks are
 * remembered, a few octets for each body: all of a mailbox of 200 000. Threads: any.
 */
final class Locations {

  private static final int BLOCK_BITS = 6;

  /** Ids of one block: one bit of a long for each. */
  private static final int BLOCK = 1 << BLOCK_BITS;

  /** Blocks of some 2 KB. */
  private static final int BLOCKS_MAX = 4096;

  private final MessageRows rows;
  private final Remembered<Long, Block> blocks = new Remembered<>(BLOCKS_MAX);

  Locations(MessageRows rows) {
    this.rows = rows;
  }

  /** Throws NOT_FOUND. */
  BodyLocation of(BodyId body) throws StoreException {
    int index = index(body);
    Block block =
        blocks.getEnough(
            body.value() >>> BLOCK_BITS,
            Block.EMPTY,
            known -> known.has(index),
            known -> known.with(body, rows.locations(body, BLOCK - index)));
    if (!block.has(index)) {
      throw new StoreException(Kind.NOT_FOUND, "message bytes " + body.value() + " do not exist");
    }
    return block.at(index);
  }

  /** Some bodies are elsewhere now. */
  void forget() {
    blocks.forget();
  }

  private static int index(BodyId body) {
    return (int) (body.value() & (BLOCK - 1));
  }

  /** What is known of one block. Nothing of it changes: there is another one with more. */
  private static final class Block {
    static final Block EMPTY = new Block();

    private final int[] segments;
    private final long[] offsets;
    private final long[] octets;
    private final int[] crcs;
    private final long[] rooms;
    private long known;

    private Block() {
      segments = new int[BLOCK];
      offsets = new long[BLOCK];
      octets = new long[BLOCK];
      crcs = new int[BLOCK];
      rooms = new long[BLOCK];
    }

    private Block(Block from) {
      segments = from.segments.clone();
      offsets = from.offsets.clone();
      octets = from.octets.clone();
      crcs = from.crcs.clone();
      rooms = from.rooms.clone();
      known = from.known;
    }

    boolean has(int index) {
      return (known & (1L << index)) != 0;
    }

    BodyLocation at(int index) {
      return new BodyLocation(
          segments[index], offsets[index], octets[index], crcs[index], rooms[index]);
    }

    /** And those of {@code more} that are in the block of {@code body}. */
    Block with(BodyId body, Map<BodyId, BodyLocation> more) {
      Block block = new Block(this);
      more.forEach(
          (id, location) -> {
            if (id.value() >>> BLOCK_BITS == body.value() >>> BLOCK_BITS) {
              block.put(index(id), location);
            }
          });
      return block;
    }

    private void put(int index, BodyLocation location) {
      segments[index] = location.segment();
      offsets[index] = location.offset();
      octets[index] = location.octets();
      crcs[index] = location.crc();
      rooms[index] = location.room();
      known |= 1L << index;
    }
  }
}
