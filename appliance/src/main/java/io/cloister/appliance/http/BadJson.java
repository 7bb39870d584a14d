package io.cloister.appliance.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Well-formed JSON that is not what is expected at this place. */
public final class BadJson extends IOException {
  private static final long serialVersionUID = 1;

  private final transient JsonLocation location;

  public BadJson(String message, JsonParser json) {
    super(message);
    this.location = json.currentTokenLocation();
  }

  JsonLocation location() {
    return location;
  }
}
