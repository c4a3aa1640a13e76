//===- ModelBuilder.h - ONNX models for tests -------------------*- C++ -*-===//

#ifndef ASSAY_TEST_UNIT_COMPILER_IMPORT_MODELBUILDER_H
#define ASSAY_TEST_UNIT_COMPILER_IMPORT_MODELBUILDER_H

#include "compiler/import/Import.h"
#include "compiler/import/ModelReader.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"

namespace assay::test {

/// A model of one graph "g", built node by node.
class ModelBuilder {
public:
  explicit ModelBuilder(int64_t opset = 17) {
    model.set_ir_version(8);
    model.mutable_graph()->set_name("g");
    addOpset("", opset);
  }

  void addOpset(llvm::StringRef domain, int64_t version) {
    proto::OperatorSetIdProto &import = *model.add_opset_import();
    import.set_domain(domain.str());
    import.set_version(version);
  }

  static void setType(proto::ValueInfoProto &info, llvm::StringRef name,
                      llvm::ArrayRef<int64_t> dims, int32_t type) {
    info.set_name(name.str());
    proto::TypeProto::Tensor &tensor =
        *info.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(type);
    proto::TensorShapeProto &shape = *tensor.mutable_shape();
    for (int64_t dim : dims)
      shape.add_dim()->set_dim_value(dim);
  }
  void addInput(llvm::StringRef name, llvm::ArrayRef<int64_t> dims,
                int32_t type = 1) {
    setType(*model.mutable_graph()->add_input(), name, dims, type);
  }
  void addOutput(llvm::StringRef name) {
    model.mutable_graph()->add_output()->set_name(name.str());
  }

  static void fillNode(proto::NodeProto &node, llvm::StringRef op,
                       llvm::ArrayRef<llvm::StringRef> inputs,
                       llvm::ArrayRef<llvm::StringRef> outputs) {
    node.set_op_type(op.str());
    if (!outputs.empty())
      node.set_name((outputs.front() + "_node").str());
    for (llvm::StringRef input : inputs)
      node.add_input(input.str());
    for (llvm::StringRef output : outputs)
      node.add_output(output.str());
  }
  proto::NodeProto &addNode(llvm::StringRef op,
                            llvm::ArrayRef<llvm::StringRef> inputs,
                            llvm::ArrayRef<llvm::StringRef> outputs) {
    proto::NodeProto &node = *model.mutable_graph()->add_node();
    fillNode(node, op, inputs, outputs);
    return node;
  }

  proto::TensorProto &addFloats(llvm::StringRef name,
                                llvm::ArrayRef<int64_t> dims,
                                llvm::ArrayRef<float> values) {
    proto::TensorProto &tensor = *model.mutable_graph()->add_initializer();
    tensor.set_name(name.str());
    tensor.set_data_type(proto::TensorProto::FLOAT);
    for (int64_t dim : dims)
      tensor.add_dims(dim);
    for (float value : values)
      tensor.add_float_data(value);
    return tensor;
  }

  std::string serialize() const { return model.SerializeAsString(); }

  proto::ModelProto model;
};

inline void setInt(proto::NodeProto &node, llvm::StringRef name,
                   int64_t value) {
  proto::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name.str());
  attribute.set_type(proto::AttributeProto::INT);
  attribute.set_i(value);
}

inline void setFloat(proto::NodeProto &node, llvm::StringRef name,
                     float value) {
  proto::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name.str());
  attribute.set_type(proto::AttributeProto::FLOAT);
  attribute.set_f(value);
}

inline void setInts(proto::NodeProto &node, llvm::StringRef name,
                    llvm::ArrayRef<int64_t> values) {
  proto::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name.str());
  attribute.set_type(proto::AttributeProto::INTS);
  for (int64_t value : values)
    attribute.add_ints(value);
}

/// What import gave: the module and its text, or the diagnostics.
struct Imported {
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string text;
  std::string errors;
};

template <typename ImportFn> Imported importWith(ImportFn import) {
  Imported result;
  result.context = std::make_unique<mlir::MLIRContext>(
      mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler handler(
      result.context.get(), [&](mlir::Diagnostic &diagnostic) {
        result.errors += formatDiagnostic(diagnostic) + "\n";
      });
  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> module =
      import(result.context.get());
  if (mlir::failed(module))
    return result;
  result.module = std::move(*module);
  llvm::raw_string_ostream stream(result.text);
  result.module->print(stream);
  return result;
}

inline Imported importBytes(llvm::StringRef bytes,
                            const ImportOptions &options = {}) {
  return importWith([&](mlir::MLIRContext *context) {
    return importModelFromBuffer(context, bytes, "m.onnx", "", options);
  });
}

inline Imported import(const ModelBuilder &builder) {
  return importBytes(builder.serialize());
}

} // namespace assay::test

#endif // ASSAY_TEST_UNIT_COMPILER_IMPORT_MODELBUILDER_H
