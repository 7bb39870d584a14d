package io.cloister.installer.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** An archive, read as the vendor reads it. */
@SuppressWarnings("ArrayRecordComponent")
record Unpacked(byte[] tar, Map<String, byte[]> entries) {

  static Unpacked read(Path archive) throws IOException {
    byte[] tar;
    try (var gzip =
        new GzipCompressorInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      tar = gzip.readAllBytes();
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (var in = new TarArchiveInputStream(new java.io.ByteArrayInputStream(tar), "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.put(e.getName().substring(ArchiveFile.FOLDER.length()), in.readAllBytes());
      }
    }
    return new Unpacked(tar, entries);
  }

  JsonNode json(String name) throws IOException {
    return HostFiles.parseJson(bytes(name));
  }

  String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  byte[] bytes(String name) {
    byte[] bytes = entries.get(name);
    if (bytes == null) {
      throw new AssertionError("no entry " + name + " in " + entries.keySet());
    }
    return bytes;
  }

  /** The line of INDEX.json for one entry. */
  JsonNode index(String name) throws IOException {
    for (JsonNode line : json("INDEX.json").path("entries")) {
      if (line.path("name").asText().equals(name)) {
        return line;
      }
    }
    throw new AssertionError(name + " is not in INDEX.json");
  }
}
