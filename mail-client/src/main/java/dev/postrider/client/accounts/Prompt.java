package dev.postrider.client.accounts;

import java.util.Optional;

/** Asks a person. Empty answers mean that there is nobody to ask. */
public interface Prompt {

  /** Nobody there: standard input is no terminal, or the output is for a program. */
  Prompt NOBODY =
      new Prompt() {
        @Override
        public Optional<String> password(String question) {
          return Optional.empty();
        }

        @Override
        public Optional<String> line(String question) {
          return Optional.empty();
        }
      };

  /** A line typed without echo. */
  Optional<String> password(String question);

  /** A line typed with echo. */
  Optional<String> line(String question);
}
