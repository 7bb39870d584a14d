package io.cloister.appliance.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.inference.InferenceRefusal.NoRoom;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  @Test
  void whatHasNoRoomNowIsWorthAskingAgain() {
    HttpException told = Refusals.answer(new NoRoom("other answers leave no room"));
    assertThat(told.status().code()).isEqualTo(503);
    assertThat(told.headers().first(HeaderNames.RETRY_AFTER)).contains("1");
    assertThat(told).hasMessage("other answers leave no room; try again in 1 s");
  }
}
