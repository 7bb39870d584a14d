package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far a service of a host is from everything that is not its own, as its kernel sees it. */
record Confinement(TestHost host, String unit) {
  private static final Pattern EXPOSURE = Pattern.compile("exposure level for .*: ([0-9.]+) ");

  void ofEachUnitAndProcess() throws IOException, InterruptedException {
    for (String each :
        List.of(
            unit,
            "cloister.service",
            "cloister-recover@failed.service",
            "cloister-repair.service",
            "cloister-log.service",
            "cloister-train@0.1.0.service")) {
      String said = host.types("systemd-analyze", "security", "--no-pager", each).output();
      Matcher exposure = EXPOSURE.matcher(said);
      assertThat(exposure.find()).as(said).isTrue();
      assertThat(Double.parseDouble(exposure.group(1))).as(said).isLessThanOrEqualTo(1.0);
    }
    for (String process : host.types("pgrep", "-u", "cloister", "java").output().lines().toList()) {
      String network = host.types("readlink", "/proc/" + process + "/ns/net").ended(0).output();
      assertThat(network).isNotEqualTo(host.types("readlink", "/proc/self/ns/net").output());
      String status = host.types("cat", "/proc/" + process + "/status").ended(0).output();
      assertThat(status).containsPattern("NoNewPrivs:\\s*1").containsPattern("Seccomp:\\s*2");
      assertThat(status).containsPattern("CapBnd:\\s*0{16}").containsPattern("CapEff:\\s*0{16}");
    }
  }

  void inControlGroups() throws IOException, InterruptedException {
    List<String> groups = new ArrayList<>();
    for (String process : host.types("pgrep", "-u", "cloister", "java").output().lines().toList()) {
      String group = host.types("cat", "/proc/" + process + "/cgroup").ended(0).output().strip();
      groups.add(group.substring(group.lastIndexOf('/') + 1));
    }
    assertThat(groups).containsExactlyInAnyOrder("server", "worker-1");
  }

  void ofWhatItWritesAndSees() throws IOException, InterruptedException {
    assertThat(host.asTheService(unit, "touch", "/var/lib/cloister/appliance/probe").status())
        .isZero();
    assertThat(host.asTheService(unit, "rm", "/var/lib/cloister/appliance/probe").status())
        .isZero();
    for (String path : List.of("/opt/cloister", "/var/lib/cloister/store", "/etc/cloister", "/")) {
      assertThat(host.asTheService(unit, "touch", path + "/probe").status()).as(path).isNotZero();
    }
    assertThat(host.asTheService(unit, "ls", "/var/lib/cloister/store").output())
        .contains("deployments");
    for (String hidden : List.of("trust", "journal", "secrets")) {
      assertThat(host.asTheService(unit, "ls", "/var/lib/cloister/" + hidden).status())
          .as(hidden)
          .isNotZero();
    }
  }
}
