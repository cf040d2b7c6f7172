package dev.postrider.client.session;

/**
 * Somebody in an address field.
 *
 * @param name decoded; empty when there is none
 * @param address {@code local@domain}, or whatever stood there
 */
public record Person(String name, String address) {

  /** The name, or the address of somebody without one. */
  public String shortForm() {
    return name.isEmpty() ? address : name;
  }

  @Override
  public String toString() {
    return name.isEmpty() ? address : name + " <" + address + ">";
  }
}
