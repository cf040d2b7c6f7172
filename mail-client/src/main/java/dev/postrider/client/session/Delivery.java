package dev.postrider.client.session;

import java.util.List;

/**
 * What became of a message that was sent.
 *
 * @param accepted recipients the server took responsibility for
 * @param refused recipients it would not take
 * @param reply its last reply, such as {@code 250 2.0.0 queued as 4F2}
 */
public record Delivery(List<String> accepted, List<Refusal> refused, String reply) {

  /**
   * A recipient that was refused.
   *
   * @param code the three-digit reply code
   * @param text the reply text
   */
  public record Refusal(String address, int code, String text) {
    public boolean isTemporary() {
      return code >= 400 && code < 500;
    }
  }

  public Delivery {
    accepted = List.copyOf(accepted);
    refused = List.copyOf(refused);
  }
}
