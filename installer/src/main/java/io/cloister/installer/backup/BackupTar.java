package io.cloister.installer.backup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.content.Version;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.StrictJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A backup as the tar that is sealed: {@code manifest.json} first, then what it lists. */
public final class BackupTar {
  private static final int FORMAT = 1;
  private static final String MANIFEST = "manifest.json";

  private BackupTar() {}

  /** The same backup gives the same bytes. */
  public static byte[] encode(Backup backup) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      Map<String, byte[]> files = new TreeMap<>(backup.files());
      put(tar, MANIFEST, manifest(backup, files), backup.made());
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        put(tar, file.getKey(), file.getValue(), backup.made());
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] manifest(Backup backup, Map<String, byte[]> files) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    json.put("made", backup.made().toString());
    json.put("release", backup.release().toString());
    json.put("generation", backup.generation());
    PolicyJson.put(json.putObject("policy"), backup.policy());
    ArrayNode list = json.putArray("files");
    files.forEach(
        (name, content) ->
            list.addObject().put("name", name).put("sha256", Sha256.of(content).toString()));
    return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content, Instant time)
      throws IOException {
    var header = new TarArchiveEntry(name);
    header.setMode(0100600);
    header.setIds(0, 0);
    header.setUserName("");
    header.setGroupName("");
    header.setModTime(time.toEpochMilli());
    header.setSize(content.length);
    tar.putArchiveEntry(header);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /**
   * Reads what {@link #encode} wrote, exactly.
   *
   * @throws JsonException it is anything else
   */
  public static Backup parse(byte[] bytes) throws JsonException {
    Map<String, byte[]> files = new TreeMap<>();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes), "UTF-8")) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (!entry.isFile() || files.put(entry.getName(), tar.readAllBytes()) != null) {
          throw new JsonException("a member twice, or no file: " + entry.getName());
        }
      }
      byte[] manifest = files.remove(MANIFEST);
      if (manifest == null) {
        throw new JsonException("no " + MANIFEST);
      }
      return parse(Fields.of(StrictJson.parse(manifest)), files);
    } catch (IOException | IllegalArgumentException e) {
      throw new JsonException(String.valueOf(e.getMessage()));
    }
  }

  private static Backup parse(Fields manifest, Map<String, byte[]> files) throws JsonException {
    manifest.integer("format", FORMAT, FORMAT);
    Set<String> known = new HashSet<>(Backup.ALWAYS);
    known.add(Backup.DATA_KEY);
    Set<String> listed = new HashSet<>();
    for (Fields file : manifest.objects("files", known.size())) {
      byte[] content = files.get(file.text("name"));
      if (content == null || !Sha256.of(content).equals(file.sha256("sha256"))) {
        throw new JsonException("not as its manifest says: " + file.text("name"));
      }
      listed.add(file.text("name"));
    }
    if (!listed.equals(files.keySet()) || !known.containsAll(listed)) {
      throw new JsonException("members that nobody knows: " + files.keySet());
    }
    return new Backup(
        manifest.time("made"),
        Version.parse(manifest.text("release")),
        manifest.integer("generation", 0, Long.MAX_VALUE - 1),
        PolicyJson.parse(manifest.object("policy")),
        files);
  }
}
