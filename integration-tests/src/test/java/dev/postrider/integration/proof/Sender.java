package dev.postrider.integration.proof;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/** Sends message after message, as a mail program or as another server does. */
final class Sender implements Worker {

  private final Place place;
  private final Mailbag mailbag;
  private final boolean submits;
  private final Random random;

  Sender(Place place, Mailbag mailbag, boolean submits, long seed) {
    this.place = place;
    this.mailbag = mailbag;
    this.submits = submits;
    this.random = new Random(seed);
  }

  @Override
  public void work(Load load) throws IOException {
    String from = submits ? place.address("here") : "somebody@elsewhere.test";
    try (SmtpPeer peer = open(from)) {
      while (load.goesOn()) {
        Mailing mailing = new Mailing(load.nextNumber(), place.domain(), recipients());
        mailbag.begin(mailing);
        peer.send(from, mailing.recipients(), Text.of(mailing.number()));
        mailbag.acknowledge(mailing);
        load.acknowledged();
      }
    }
  }

  private SmtpPeer open(String from) throws IOException {
    return submits
        ? SmtpPeer.submission(place.server().port("submissions"), from, Place.PASSWORD)
        : SmtpPeer.inbound(place.server().port("smtp"));
  }

  private List<String> recipients() {
    String here = place.address("here");
    String far = "far@" + place.other();
    return switch (random.nextInt(submits ? 6 : 2)) {
      case 0 -> List.of(here);
      case 1 -> List.of(here, place.address("far"));
      case 2 -> List.of(far, here);
      case 3 -> List.of(far, "here@" + place.other());
      default -> List.of(far);
    };
  }

  @Override
  public void check(Verdict verdict) {
    // The mailbag does, for all senders together.
  }
}
