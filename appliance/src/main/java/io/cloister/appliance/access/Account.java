package io.cloister.appliance.access;

import java.util.Set;

/** Who a request comes from. */
public record Account(String name, Role role) {

  /** What an account may do. */
  public enum Role {
    /** Ask models, see their state. */
    USER,
    /** Everything. */
    ADMIN;

    /** The roles that may do what this one may. */
    Set<Role> orHigher() {
      return switch (this) {
        case USER -> Set.of(USER, ADMIN);
        case ADMIN -> Set.of(ADMIN);
      };
    }
  }
}
