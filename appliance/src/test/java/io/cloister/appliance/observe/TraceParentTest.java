package io.cloister.appliance.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  @Test
  void aTraceIsReadAlsoOfALaterVersion() {
    TraceParent trace = new TraceParent(TRACE, PARENT);
    assertThat(TraceParent.parse("00-" + TRACE + "-" + PARENT + "-01")).contains(trace);
    assertThat(TraceParent.parse("cc-" + TRACE + "-" + PARENT + "-01-more")).contains(trace);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-" + TRACE + "-" + PARENT,
        "00-" + TRACE + "-" + PARENT + "-01-more",
        "ff-" + TRACE + "-" + PARENT + "-01",
        "00-00000000000000000000000000000000-" + PARENT + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + PARENT + "-01"
      })
  void whatIsNotOfTheFormIsIgnored(String text) {
    assertThat(TraceParent.parse(text)).isEmpty();
  }
}
