package io.cloister.installer.support;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.host.HostPaths;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine, without its name: kernel, C library, CPU, memory, disks, clock. Read from {@code
 * /proc}, {@code /sys} and {@code /etc/os-release}; neither the environment nor any other file.
 */
record HostCollector(HostPaths paths, String glibc, Instant now) implements Collector {
  private static final Pattern keyValue =
      Pattern.compile("(?m)^([A-Za-z_() ]{1,40}?)\\s*[:=]\\s*\"?([^\"\\n]{0,2000})\"?$");
  private static final List<String> cpuFlags =
      List.of(
          "sse4_2", "avx", "avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8");

  @Override
  public String entry() {
    return "host.json";
  }

  @Override
  public Collected collect(Redactions redactions) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("kernel", line("/proc/sys/kernel/osrelease"));
    tree.put("architecture", System.getProperty("os.arch", ""));
    tree.put("glibc", glibc);
    Map<String, String> system = pairs("/etc/os-release");
    tree.putObject("system")
        .put("id", system.getOrDefault("ID", ""))
        .put("version", system.getOrDefault("VERSION_ID", ""));
    cpu(tree.putObject("cpu"));
    memory(tree.putObject("memory"));
    ObjectNode disks = tree.putObject("disks");
    disk(disks.putObject("programs"), paths.programs());
    disk(disks.putObject("data"), paths.data());
    disk(disks.putObject("logs"), paths.logs());
    clock(tree.putObject("clock"));
    return Collected.json(tree);
  }

  private static void cpu(ObjectNode cpu) {
    Map<String, String> info = pairs("/proc/cpuinfo");
    cpu.put("model", info.getOrDefault("model name", ""));
    cpu.put("processors", Runtime.getRuntime().availableProcessors());
    List<String> flags = List.of(info.getOrDefault("flags", "").split(" "));
    var known = cpu.putArray("flags");
    cpuFlags.stream().filter(flags::contains).forEach(known::add);
  }

  private static void memory(ObjectNode memory) {
    Map<String, String> info = pairs("/proc/meminfo");
    List.of("MemTotal", "MemAvailable", "SwapTotal", "SwapFree")
        .forEach(key -> memory.put(key, info.getOrDefault(key, "")));
    memory.put("cgroup_limit", line("/sys/fs/cgroup/memory.max"));
  }

  private static void disk(ObjectNode disk, Path path) {
    Path here = path;
    while (!Files.exists(here) && here.getParent() != null) {
      here = here.getParent();
    }
    try {
      FileStore store = Files.getFileStore(here);
      disk.put("type", store.type())
          .put("bytes", store.getTotalSpace())
          .put("bytes_free", store.getUsableSpace())
          .put("read_only", store.isReadOnly());
    } catch (IOException unreadable) {
      disk.put("unreadable", NotCollectedException.reason(unreadable));
    }
  }

  private void clock(ObjectNode clock) {
    clock
        .put("now", now.toString())
        .put("zone", ZoneId.systemDefault().getId())
        .put("uptime_seconds", line("/proc/uptime").replaceAll("[. ].*", ""))
        .put("source", line("/sys/devices/system/clocksource/clocksource0/current_clocksource"))
        .put("synchronized", Files.exists(Path.of("/run/systemd/timesync/synchronized")));
  }

  private static String line(String file) {
    return text(file).lines().findFirst().orElse("");
  }

  private static Map<String, String> pairs(String file) {
    Map<String, String> pairs = new TreeMap<>();
    Matcher matcher = keyValue.matcher(text(file));
    while (matcher.find()) {
      pairs.putIfAbsent(matcher.group(1), matcher.group(2));
    }
    return pairs;
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException | RuntimeException absent) {
      return "";
    }
  }
}
