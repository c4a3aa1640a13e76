//===- Upgrade.h - Older operator forms to the newest -----------*- C++ -*-===//
//
// Each operator family has a table of rules; a rule rewrites the form that an
// operator had before some opset into the form it has from there on. Rules of
// one operator run in the order of their opsets.
//
//===----------------------------------------------------------------------===//

#ifndef ASSAY_COMPILER_IMPORT_UPGRADE_UPGRADE_H
#define ASSAY_COMPILER_IMPORT_UPGRADE_UPGRADE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace assay {

/// A node before its op is built: what a rule may change.
struct NodeForm {
  mlir::OpBuilder &builder;
  mlir::Location loc;
  std::string name; ///< Operator, "Conv".
  int64_t opset;    ///< Opset of the domain in the model or function.
  llvm::SmallVector<mlir::Value> inputs;
  mlir::NamedAttrList attributes;
  unsigned numResults; ///< Outputs that the node lists.
  /// Filled by a rule that builds the ops itself; then nothing else is built.
  llvm::SmallVector<mlir::Value> results;

  /// Input `position`, or null.
  mlir::Value getInput(size_t position) const {
    return position < inputs.size() ? inputs[position] : mlir::Value();
  }
  void setInput(size_t position, mlir::Value value);

  /// Removes attribute `attribute` and gives it, or null when it is not there
  /// or no T.
  template <typename T> T take(llvm::StringRef attribute) {
    return mlir::dyn_cast_or_null<T>(attributes.erase(attribute));
  }
  int64_t takeInt(llvm::StringRef attribute, int64_t otherwise);

  mlir::Value makeInts(llvm::ArrayRef<int64_t> values);
  mlir::Value makeInt(int64_t value);
  /// A scalar of `elementType`, a float or integer type.
  mlir::Value makeScalar(mlir::Type elementType, double value);
  mlir::Value makeFloats(llvm::ArrayRef<float> values);

  /// Makes attribute `attribute`, a list of integers, input `position`.
  void moveIntsToInput(llvm::StringRef attribute, size_t position);

  /// Builds a helper op with one result; null after an error.
  mlir::Value build(llvm::StringRef operatorName,
                    llvm::ArrayRef<mlir::Value> operands,
                    llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  /// Builds a helper op and gives all its results; none after an error.
  llvm::SmallVector<mlir::Value>
  buildAll(llvm::StringRef operatorName, llvm::ArrayRef<mlir::Value> operands,
           llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  mlir::NamedAttribute intAttribute(llvm::StringRef attribute, int64_t value);
};

struct UpgradeRule {
  llvm::StringLiteral operatorName;
  int64_t before; ///< Applies to opsets below this one.
  llvm::LogicalResult (*rewrite)(NodeForm &form);
};

/// Applies all rules that `form` needs. Fails after an error on `form.loc`.
llvm::LogicalResult upgradeNode(NodeForm &form);

/// Whether the operator exists only in older opsets and has a rule.
bool isUpgradedOperator(llvm::StringRef operatorName, int64_t opset);

llvm::ArrayRef<UpgradeRule> getActivationUpgrades();
llvm::ArrayRef<UpgradeRule> getContractionUpgrades();
llvm::ArrayRef<UpgradeRule> getCreationUpgrades();
llvm::ArrayRef<UpgradeRule> getElementwiseUpgrades();
llvm::ArrayRef<UpgradeRule> getMovementUpgrades();
llvm::ArrayRef<UpgradeRule> getNormalizationUpgrades();
llvm::ArrayRef<UpgradeRule> getReductionUpgrades();
llvm::ArrayRef<UpgradeRule> getResamplingUpgrades();

} // namespace assay

#endif // ASSAY_COMPILER_IMPORT_UPGRADE_UPGRADE_H
