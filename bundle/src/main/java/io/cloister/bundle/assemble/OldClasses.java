package io.cloister.bundle.assemble;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.constant.ClassDesc;
import java.util.Collections;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * Class files from before Java 6. They have no stack maps (JVM specification, 4.7.4), so the JVM
 * verifies them slowly, at each start, and keeps them out of its class archives. Here they get
 * stack maps, and the version of Java 8; their code stays, but for a name.
 */
final class OldClasses {
  private static final int NEW = ClassFile.JAVA_8_VERSION;

  /** The magic number and two halves of the version: JVM specification, 4.1. */
  private static final int HEAD = 8;

  /**
   * Picocli looks at each start for a class of Groovy, which no release has: to know that, the JVM
   * opens every jar, for a tenth of a short command. It finds a class that no command is at once.
   */
  static final String GROOVY = "groovy.lang.Closure";

  private static final String NO_COMMAND = Void.class.getName();

  private final JarFile jar;
  private final ClassFile context;

  /** Of one jar: the maps need to know which class extends which. */
  OldClasses(JarFile jar) {
    this.jar = jar;
    ClassHierarchyResolver own = ClassHierarchyResolver.ofResourceParsing(name -> open(jar, name));
    context =
        ClassFile.of(
            StackMapsOption.GENERATE_STACK_MAPS,
            ConstantPoolSharingOption.NEW_POOL,
            ClassFile.ClassHierarchyResolverOption.of(
                own.orElse(ClassHierarchyResolver.defaultResolver())));
  }

  private static @Nullable InputStream open(JarFile jar, ClassDesc name) {
    String descriptor = name.descriptorString();
    ZipEntry entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
    try {
      return entry == null ? null : jar.getInputStream(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean areIn(JarFile jar) throws IOException {
    for (ZipEntry entry : Collections.list(jar.entries())) {
      try (InputStream in = jar.getInputStream(entry)) {
        if (isOld(entry, in.readNBytes(HEAD))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isOld(ZipEntry entry, byte[] head) {
    return entry.getName().endsWith(".class")
        && (head[HEAD - 2] << 8 | head[HEAD - 1]) < ClassFile.JAVA_6_VERSION;
  }

  private static void rename(CodeBuilder code, CodeElement element) {
    if (element instanceof ConstantInstruction constant
        && GROOVY.equals(constant.constantValue())) {
      code.loadConstant(NO_COMMAND);
    } else {
      code.with(element);
    }
  }

  /** The bytes of an entry; of an old class, the new ones. */
  byte[] renew(ZipEntry entry) throws IOException {
    byte[] bytes;
    try (InputStream in = jar.getInputStream(entry)) {
      bytes = in.readAllBytes();
    }
    if (!isOld(entry, bytes)) {
      return bytes;
    }
    return context.transformClass(
        context.parse(bytes),
        ClassTransform.transformingMethodBodies(OldClasses::rename)
            .andThen(ClassTransform.endHandler(builder -> builder.withVersion(NEW, 0))));
  }
}
