package dev.postrider.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postrider.integration.Interoperability.Row;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InteroperabilityTest {

  @Test
  void everyRowIsShownByATest() throws Exception {
    assertThat(Interoperability.rows()).isNotEmpty();
    for (Row row : Interoperability.rows()) {
      String[] names = row.test().split("\\.", -1);
      Class<?> test = Class.forName(getClass().getPackageName() + "." + names[0]);
      assertThat(Arrays.stream(test.getDeclaredMethods()))
          .as("%s; remove the row of a test that is gone", row)
          .anyMatch(
              method -> {
                Seen seen = method.getAnnotation(Seen.class);
                return method.getName().equals(names[1])
                    && seen != null
                    && seen.client().equals(row.client())
                    && seen.doing().equals(row.doing());
              });
    }
  }
}
