package dev.postrider.server.main;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What this program is, from the manifest of its jar. */
final class Version implements IVersionProvider {

  static String number() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("unpackaged");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"postriderd " + number() + " (Java " + Runtime.version() + ")"};
  }
}
