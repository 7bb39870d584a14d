package io.cloister.repo.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths a delegation covers, and delegations that are refused as they are read. */
final class DelegationFormTest {
  private static DelegatedRole role(String json) throws JsonException {
    String text = json.replace('\'', '"');
    return DelegatedRole.parse(Fields.of(StrictJson.parse(text.getBytes(StandardCharsets.UTF_8))));
  }

  @ParameterizedTest
  @CsvSource({
    "*, a, true",
    "*, '', true",
    "*, a/b, false",
    "*/*, a/b, true",
    "*/*, a/b/c, false",
    "a/*.tgz, a/foo.tgz, true",
    "a/*.tgz, a/.tgz, true",
    "a/*.tgz, a/foo.txt, false",
    "foo-?.tgz, foo-2.tgz, true",
    "foo-?.tgz, foo-22.tgz, false",
    "foo-?.tgz, foo-.tgz, false",
    "?, 🔒, true",
    "foo.tgz, foo.tgz, true",
    "foo.tgz, fooxtgz, false",
    "*.MD, x.md, false",
    "a*b*c, aXXbYYc, true",
    "a*b*c, aXXbYY, false",
    "**, abc, true",
    "[a-c]x, bx, true",
    "[!a-c]x, bx, false",
    "[!a-c]x, dx, true",
    "[]]x, ]x, true",
    "[a, [a, true",
    "[a-], -, true",
    "x?y, x/y, false",
    "'', '', true",
    "'', a, false"
  })
  void aPatternMatchesSegmentBySegment(String pattern, String path, boolean expected) {
    assertThat(new PathPattern(pattern).matches(path)).isEqualTo(expected);
  }

  @Test
  void aHostilePatternDoesNotTakeForEver() {
    assertThat(new PathPattern("*a".repeat(500) + "b").matches("a".repeat(5000))).isFalse();
  }

  @Test
  void binsAreChosenByTheDigestOfThePath() throws Exception {
    String digest = Sha256.of("file.bin".getBytes(StandardCharsets.UTF_8)).hex();
    for (int digits : new int[] {0, 1, 4, 64}) {
      assertThat(new PathRule.HashPrefixes(List.of(digest.substring(0, digits))).covers("file.bin"))
          .isTrue();
    }
    char other = digest.charAt(0) == '0' ? '1' : '0';
    assertThat(new PathRule.HashPrefixes(List.of("" + other)).covers("file.bin")).isFalse();
    assertThat(new PathRule.HashPrefixes(List.of()).covers("file.bin")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name':'root','keyids':[],'threshold':1,'paths':['*']}",
        "{'name':'timestamp','keyids':[],'threshold':1,'paths':['*']}",
        "{'name':'','keyids':[],'threshold':1,'paths':['*']}",
        "{'name':'a','keyids':[],'threshold':0,'paths':['*']}",
        "{'name':'a','keyids':['x','x'],'threshold':1,'paths':['*']}",
        "{'name':'a','keyids':[],'threshold':1}",
        "{'name':'a','keyids':[],'threshold':1,'paths':['*'],'path_hash_prefixes':['0']}",
        "{'name':'a','keyids':[],'threshold':1,'path_hash_prefixes':['0G']}",
        "{'name':'a','keyids':[],'threshold':1,'paths':[1]}",
        "{'name':'a','keyids':[],'threshold':1,'paths':['*'],'terminating':1}"
      })
  void aDelegationThatIsNoneIsRefused(String json) {
    assertThatThrownBy(() -> role(json)).isInstanceOf(JsonException.class);
  }

  @Test
  void aNameOfAnyLengthThatFitsAFileIsTaken() throws Exception {
    assertThat(role(named("a".repeat(200))).fileName()).hasSize(205);
    for (String name : List.of("a".repeat(201), "/".repeat(67))) {
      assertThatThrownBy(() -> role(named(name))).isInstanceOf(JsonException.class);
    }
    assertThat(role(named("../é")).fileName()).isEqualTo("..%2F%C3%A9.json");
  }

  private static String named(String name) {
    return "{'name':'" + name + "','keyids':[],'threshold':1,'paths':['*']}";
  }

  @Test
  void everyStatedDigestMustMatch() {
    byte[] bytes = "content".getBytes(StandardCharsets.UTF_8);
    String sha256 = Sha256.of(bytes).hex();
    TreeMap<String, String> stated = new TreeMap<>();
    stated.put("sha256", sha256);
    assertThat(new Hashes(stated).findMismatch(bytes)).isEmpty();
    assertThat(new Hashes(stated).prefix()).isEqualTo(sha256);
    stated.put("sha512", "0".repeat(128));
    assertThat(new Hashes(stated).findMismatch(bytes).orElseThrow().algorithm())
        .isEqualTo("sha512");
    stated.remove("sha512");
    stated.put("sha3-256", sha256);
    assertThat(new Hashes(stated).findMismatch(bytes).orElseThrow().algorithm())
        .isEqualTo("sha3-256");
  }
}
