package dev.postrider.server.transfer;

import dev.postrider.server.transfer.TransferException.Kind;
import dev.postrider.storage.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * An mbox: messages in one file, each behind a {@link FromLine}. Work is counted in octets.
 *
 * <p>How lines of text that begin with {@code From } were written is said by {@link MboxVariant}.
 */
record MboxFolder(String name, Path file, MboxVariant variant) implements SourceFolder {

  /** Whether a file begins as an mbox does. */
  static boolean isOne(Path file) throws IOException {
    try (MboxFile mbox = new MboxFile(file)) {
      mbox.skipBlankLines();
      return mbox.fromLine(0).isPresent();
    }
  }

  @Override
  public long work() throws TransferException {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void read(Reader reader) throws TransferException, StoreException {
    try (MboxFile mbox = new MboxFile(file)) {
      mbox.skipBlankLines();
      Optional<Instant> date = mbox.fromLine(0);
      long worked = 0;
      while (date.isPresent()) {
        read(mbox, date.get(), reader);
        mbox.skipBlankLines();
        date = mbox.fromLine(0);
        reader.worked(mbox.offset() - worked);
        worked = mbox.offset();
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void read(MboxFile mbox, Instant date, Reader reader) throws IOException, StoreException {
    String label = String.format(Locale.ROOT, "%s, octet %d", file, mbox.offset());
    int fromLine = mbox.lineOctets(0, FromLine.OCTETS_MAX);
    mbox.skip(fromLine > 0 ? fromLine : mbox.ahead(1));
    MboxText text = new MboxText(mbox);
    text.unquote(
        switch (variant) {
          case AUTO, RD -> MboxText.Unquote.ANY;
          case O -> MboxText.Unquote.ONE;
          case CL2 -> MboxText.Unquote.NOTHING;
        });
    byte[] header = text.readHeader(OwnedFields.HEADER_OCTETS_MAX);
    OwnedFields fields = OwnedFields.of(header, OwnedFields.Owner.MBOX);
    if (isCounted(mbox, fields)) {
      text.endAt(mbox.offset() + fields.contentLength().orElseThrow());
    }
    if (fields.expunged() || fields.internal()) {
      reader.passedOver();
    } else {
      InputStream whole = new SequenceInputStream(new ByteArrayInputStream(fields.header()), text);
      reader.message(new Found(label, fields.flags(), date, new CrlfInput(whole)));
    }
    text.skipRest();
  }

  /** A length that leads elsewhere than before another message was counted by somebody else. */
  private boolean isCounted(MboxFile mbox, OwnedFields fields) throws IOException {
    boolean asked = variant == MboxVariant.AUTO || variant == MboxVariant.CL2;
    return asked
        && fields.contentLength().isPresent()
        && mbox.canEndAt(mbox.offset() + fields.contentLength().getAsLong());
  }

  private TransferException unreadable(IOException failed) {
    return new TransferException(
        Kind.NO_INPUT, file + " cannot be read: " + SourceFolder.reason(failed), failed);
  }
}
