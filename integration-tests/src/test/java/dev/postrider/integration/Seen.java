package dev.postrider.integration;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a program that people use was seen to do with the server: a row of {@code
 * docs/interoperability.md}, which {@link Interoperability} keeps.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Interoperability.class)
@interface Seen {

  /** The program, as a reader knows it. */
  String client();

  /** Of Debian, for the version. */
  String debianPackage();

  /** What it did, in the words of its user. */
  String doing();
}
