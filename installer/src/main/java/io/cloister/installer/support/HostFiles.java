package io.cloister.installer.support;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.SlotFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The only way in which a collector reads the host's own files. Ordinary files, bounded; no link is
 * followed in the last part of a path, and nothing is read that really lies outside the root folder
 * or in the appliance's own folder, where keys and the database are. The service may write some of
 * these folders: a link from its log to a key must not lead there.
 */
record HostFiles(HostPaths paths) {
  static final int DOCUMENT_BYTES_MAX = 8 << 20;
  private static final StreamReadConstraints bounds =
      StreamReadConstraints.builder().maxNestingDepth(64).build();
  private static final ObjectMapper json =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(bounds).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** The release in service; where it cannot be known, the entries that need it say so. */
  String release() {
    try {
      return new SlotFiles(paths).findCurrent().orElse("none");
    } catch (IOException e) {
      return "none";
    }
  }

  /** What it was told to serve. */
  Path deployment() {
    return paths.deployment(release());
  }

  private static final ObjectMapper yaml =
      YAMLMapper.builder(YAMLFactory.builder().streamReadConstraints(bounds).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** The end of a file. */
  @SuppressWarnings("ArrayRecordComponent")
  record Tail(byte[] bytes, boolean whole) {}

  static JsonNode parseJson(byte[] bytes) throws IOException {
    return json.readTree(bytes);
  }

  JsonNode readJson(Path file) throws IOException {
    return parseJson(readWhole(file));
  }

  JsonNode readYaml(Path file) throws IOException {
    return yaml.readTree(readWhole(file));
  }

  byte[] readWhole(Path file) throws IOException {
    Tail tail = readTail(file, DOCUMENT_BYTES_MAX);
    if (!tail.whole()) {
      throw new NotCollectedException("longer than " + DOCUMENT_BYTES_MAX + " bytes");
    }
    return tail.bytes();
  }

  /** At most the last {@code bytesMax} bytes. */
  Tail readTail(Path file, int bytesMax) throws IOException {
    check(file);
    Set<? extends java.nio.file.OpenOption> options =
        Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try (SeekableByteChannel channel = FileChannel.open(file, options)) {
      long from = Math.max(0, channel.size() - bytesMax);
      ByteBuffer buffer = ByteBuffer.allocate((int) (channel.size() - from));
      channel.position(from);
      int count = 0;
      while (count >= 0 && buffer.hasRemaining()) {
        count = channel.read(buffer);
      }
      byte[] bytes = new byte[buffer.flip().remaining()];
      buffer.get(bytes);
      return new Tail(bytes, from == 0);
    }
  }

  /** Names of what is in a folder, in order; none where there is no folder. */
  List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    checkPlace(folder.toRealPath());
    List<String> names = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries.map(entry -> String.valueOf(entry.getFileName())).sorted().forEach(names::add);
    }
    return names;
  }

  private void check(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotCollectedException("not an ordinary file");
    }
    checkPlace(folder.toRealPath());
  }

  private void checkPlace(Path real) throws IOException {
    Path root = paths.root().toRealPath();
    Path appliance = root.resolve(paths.root().relativize(paths.appliance()));
    if (!real.startsWith(root) || real.startsWith(appliance)) {
      throw new NotCollectedException("a link leads out of the folders that may be read");
    }
  }
}
