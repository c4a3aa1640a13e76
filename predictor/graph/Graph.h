//===- Graph.h - The light view of a network --------------------*- C++ -*-===//
//
// What text, features and the database see of a network: operators,
// attributes, shapes and edges, without MLIR and without weight values.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_PREDICTOR_GRAPH_GRAPH_H
#define ASSAY_PREDICTOR_GRAPH_GRAPH_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace assay::predictor {

/// Element type by its IR spelling ("f32", "i64", "ui8"), dimensions with -1
/// for a dynamic one.
struct TensorShape {
  std::string elementType = "f32";
  llvm::SmallVector<int64_t, 4> dims;
  bool hasRank = true;

  /// Product of the dimensions, dynamic ones counted as 1; the largest int64_t
  /// where it is greater.
  int64_t numElements() const;
  bool operator==(const TensorShape &other) const;
};

/// Name of an element type, such as the `to` of a Cast.
struct ElementTypeName {
  std::string name;
  bool operator==(const ElementTypeName &other) const {
    return name == other.name;
  }
};

/// A small tensor, such as the `value` of a ConstantOfShape.
struct TensorElements {
  TensorShape shape;
  std::string elements; ///< As in Value::literal.
};

using AttributeValue =
    std::variant<int64_t, float, std::string, std::vector<int64_t>,
                 std::vector<float>, std::vector<std::string>, ElementTypeName,
                 TensorElements>;

struct Attribute {
  std::string name;
  AttributeValue value;
};

/// Index into Graph::values; kAbsent for an optional input that is left out.
using ValueId = int32_t;
inline constexpr ValueId kAbsent = -1;

struct Value {
  enum class Kind : uint8_t {
    Input,     ///< A graph input.
    Parameter, ///< A weight: a floating-point constant of several elements.
    Literal,   ///< A constant whose elements are part of the architecture.
    Result     ///< Made by a node.
  };
  Kind kind = Kind::Result;
  TensorShape shape;
  std::string literal;   ///< Elements in row-major order; see Elements.h.
  int32_t producer = -1; ///< Node of a Result.
  int32_t position = 0;  ///< Which result, or which graph input.
};

struct Node {
  std::string op; ///< Operator name of the specification.
  llvm::SmallVector<ValueId, 4> inputs;
  llvm::SmallVector<ValueId, 1> results;
  std::vector<Attribute> attributes; ///< Sorted by name, defaults left out.

  const AttributeValue *find(llvm::StringRef name) const;
  int64_t getInt(llvm::StringRef name, int64_t otherwise) const;
  std::vector<int64_t> getInts(llvm::StringRef name) const;
};

struct Graph {
  /// Literals of equal type, shape and elements are one value.
  std::vector<Value> values;
  std::vector<Node> nodes; ///< In topological order.
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;

  const TensorShape &shapeOf(ValueId value) const {
    return values[value].shape;
  }
};

/// Finds the literals of a graph by content while it is built.
class LiteralTable {
public:
  /// The literal of that content, added to `graph` when it is new.
  ValueId get(Graph &graph, TensorShape shape, std::string elements);

private:
  llvm::StringMap<ValueId> ids;
};

/// Whether the order of an operator's inputs does not matter (Add, Mul, ...).
bool isCommutative(llvm::StringRef op);

/// Drops nodes that do not reach an output, values nothing uses, and trailing
/// results nothing uses, but the results of a Split, whose number is part of
/// what it does. Graph inputs stay.
void removeDeadNodes(Graph &graph);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_GRAPH_GRAPH_H
