package dev.hearth.build.reach;

import com.oracle.graal.python.pegparser.sst.SSTNode;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the parser's trees by their public fields, which are the grammar's. */
final class SyntaxTree {

  private static final ClassValue<List<Field>> CHILDREN =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          return Arrays.stream(type.getFields())
              .filter(field -> !Modifier.isStatic(field.getModifiers()))
              .filter(field -> isNode(field.getType()))
              .toList();
        }
      };

  private SyntaxTree() {}

  private static boolean isNode(Class<?> type) {
    return SSTNode.class.isAssignableFrom(type.isArray() ? type.getComponentType() : type);
  }

  /** The nodes right below a node, in the order of the source. */
  static List<SSTNode> children(SSTNode node) {
    var children = new ArrayList<SSTNode>();
    for (var field : CHILDREN.get(node.getClass())) {
      var value = read(field, node);
      if (value instanceof SSTNode child) {
        children.add(child);
      } else if (value instanceof Object[] several) {
        for (var each : several) {
          if (each instanceof SSTNode child) {
            children.add(child);
          }
        }
      }
    }
    return children;
  }

  private static @Nullable Object read(Field field, SSTNode node) {
    try {
      return field.get(node);
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException("the grammar's fields are public", impossible);
    }
  }
}
