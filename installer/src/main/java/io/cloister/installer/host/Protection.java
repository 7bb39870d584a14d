package io.cloister.installer.host;

import java.nio.file.Path;

/**
 * What the kernel forbids beyond permissions.
 *
 * @param appArmor whether AppArmor is at work
 * @param label how it, or SELinux, calls this process; empty where neither does
 */
public record Protection(Selinux selinux, boolean appArmor, String label) {
  /** SELinux, as {@code getenforce} tells it. */
  public enum Selinux {
    ABSENT,
    PERMISSIVE,
    ENFORCING
  }

  /** From {@code /sys} and {@code /proc}, or folders like them. */
  static Protection read(Path sys, Path proc) {
    Selinux selinux =
        switch (KernelText.read(sys.resolve("fs/selinux/enforce"))) {
          case "1" -> Selinux.ENFORCING;
          case "0" -> Selinux.PERMISSIVE;
          default -> Selinux.ABSENT;
        };
    boolean appArmor =
        KernelText.read(sys.resolve("module/apparmor/parameters/enabled")).equals("Y");
    String label = KernelText.read(proc.resolve("self/attr/current")).replace("\0", "");
    return new Protection(selinux, appArmor, label);
  }
}
