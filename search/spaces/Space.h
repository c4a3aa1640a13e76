//===- Space.h - Search spaces by name --------------------------*- C++ -*-===//
//
// A search space turns its own written form of an architecture, as found in the
// tables published with it, into an onnx graph.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_SEARCH_SPACES_SPACE_H
#define ASSAY_SEARCH_SPACES_SPACE_H

#include "dialects/onnx/GraphBuilder.h"
#include "mlir/IR/BuiltinOps.h"
#include <random>

namespace assay::search {

struct NetworkOptions {
  /// N x C x H x W, N may be ShapedType::kDynamic; empty: the space's own.
  llvm::SmallVector<int64_t> inputShape;
  /// Classes of the last layer; 0: the space's own.
  int64_t classes = 0;
  uint64_t seed = 0;
  onnx::GraphBuilder::Weights weights = onnx::GraphBuilder::Weights::Random;
};

struct Network {
  /// A function @main from "input" to "output"; null after an error.
  mlir::OwningOpRef<mlir::ModuleOp> module;
  /// Trainable parameters, as the space's authors count them.
  int64_t parameters = 0;
};

class Space {
public:
  virtual ~Space() = default;

  /// Such as "nasbench201".
  virtual llvm::StringRef getName() const = 0;
  /// One line: what the space holds.
  virtual llvm::StringRef getSummary() const = 0;
  /// An example of a spec.
  virtual llvm::StringRef getExample() const = 0;
  /// Number of specs, counted as the authors count them.
  virtual int64_t getSize() const = 0;

  /// The network of `spec`. A spec or shape that the space does not hold is an
  /// error on the space's name, and the module is null.
  virtual Network build(llvm::StringRef spec, const NetworkOptions &options,
                        mlir::MLIRContext *context) const = 0;

  /// A random valid spec.
  virtual std::string sample(std::mt19937_64 &random) const = 0;

  /// Visits every spec once, in a fixed order, until `visit` returns false.
  virtual void
  enumerate(llvm::function_ref<bool(llvm::StringRef spec)> visit) const = 0;
};

/// All spaces, in order of name.
llvm::ArrayRef<const Space *> getSpaces();

/// The space of this name, or null.
const Space *lookupSpace(llvm::StringRef name);

/// The options with the space's defaults filled in, or failure after an error:
/// the input must have four dimensions, of which C, H and W are static and
/// positive.
llvm::FailureOr<NetworkOptions>
completeOptions(NetworkOptions options, llvm::ArrayRef<int64_t> inputShape,
                int64_t classes, mlir::Location loc);

} // namespace assay::search

#endif // ASSAY_SEARCH_SPACES_SPACE_H
